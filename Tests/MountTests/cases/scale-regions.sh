# Two thousand regions: all there, listed, small, each with its own addresses, and no slower to work with than a few.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

anonymous() { awk '/^RssAnon/ { print $2 }' "/proc/$daemon/status"; }

before=$(anonymous)
works python3 - <<'END_OF_PYTHON'
import os, statistics, time

def write(path, text):
    descriptor = os.open(path, os.O_WRONLY)
    os.write(descriptor, text)
    os.close(descriptor)

def read(path):
    with open(path) as file:
        return file.read()

def timed(action, *arguments):
    began = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - began

# What one region costs, when there are none and when there are two thousand, active on the same device.
work = {
    "mkdir": lambda i: os.mkdir(f"vcms/x{i}"),
    "look-up": lambda i: os.stat(f"vcms/x{i}"),
    "len": lambda i: read(f"vcms/x{i}/len"),
    "reserve": lambda i: write(f"vcms/x{i}/reserve", b"64K\n"),
    "associate": lambda i: os.symlink("devices/dma", f"vcms/x{i}/devices/dma"),
    "activate": lambda i: write(f"vcms/x{i}/active", b"1\n"),
    "back-link": lambda i: os.readlink(f"devices/dma/vcms/x{i}"),
    "deactivate": lambda i: write(f"vcms/x{i}/active", b"0\n"),
    "disassociate": lambda i: os.unlink(f"vcms/x{i}/devices/dma"),
    "unreserve": lambda i: os.rmdir(f"vcms/x{i}/reservations/r0"),
    "rmdir": lambda i: os.rmdir(f"vcms/x{i}"),
}

def costs():
    return {name: statistics.median(timed(action, i) for i in range(100)) for name, action in work.items()}

# The cheapest of three rounds: what other programs take is nobody's cost.
def cheapest():
    rounds = [costs() for _ in range(3)]
    return {name: min(one[name] for one in rounds) for name in work}

few = cheapest()
for i in range(2000):
    os.mkdir(f"vcms/v{i}")
    os.symlink("devices/dma", f"vcms/v{i}/devices/dma")
    write(f"vcms/v{i}/active", b"1\n")
    write(f"vcms/v{i}/reserve", b"4K\n")
many = cheapest()
for name in work:
    assert many[name] < 10 * few[name], f"{name}: {many[name] / few[name]:.1f} times slower among 2000 regions"
END_OF_PYTHON
grown=$(($(anonymous) - before))
[ "$grown" -le 32000 ] || fail "2000 regions with a device and a reservation each take $grown kB"

is 2002 sh -c 'ls -f vcms | wc -l'
is 2000 sh -c 'find vcms -mindepth 1 -maxdepth 1 -name "v*" | sort -u | wc -l'
is 2002 sh -c 'ls -f devices/dma/vcms | wc -l'
assert_reads vcms/v0/reservations/r0/addr 0x0
assert_reads vcms/v1999/reservations/r0/addr 0x0
assert_reads vcms/v1999/free $((4294967296 - 4096))
same 'readlink -f devices/dma/vcms/v1234' 'readlink -f vcms/v1234'
unmount_vcmfs
