# Twenty thousand reservations by one write: all there, listed, small, and no slower to work with than a few.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

anonymous() { awk '/^RssAnon/ { print $2 }' "/proc/$daemon/status"; }

mkdir vcms/few vcms/many
yes 64K | head -n 200 >"$W/few"
yes 64K | head -n 20000 >"$W/many"
cat "$W/few" >vcms/few/reserve
before=$(anonymous)
cat "$W/many" >vcms/many/reserve
grown=$(($(anonymous) - before))
# They reserve 1.25 GB. An object and the names it is found by: a kilobyte each, the allocator's slack with it.
[ "$grown" -le 20000 ] || fail "20000 reservations take $grown kB"

assert_reads vcms/many/free $((4294967296 - 20000 * 65536))
assert_reads vcms/many/largest_free $((4294967296 - 20000 * 65536))
is 20002 sh -c 'ls -f vcms/many/reservations | wc -l'
is 20000 sh -c 'find vcms/many/reservations -mindepth 1 -maxdepth 1 | sort -u | wc -l'
assert_reads vcms/many/reservations/r0/addr 0x0
assert_reads vcms/many/reservations/r12345/addr 0x30390000
assert_reads vcms/many/reservations/r19999/addr 0x4e1f0000

# A hundred times as many, and so many times slower at most. The two are measured in turns, so that a busy machine
# is busy for both.
works python3 - <<'END_OF_PYTHON'
import os, statistics, time

def write(path, text):
    descriptor = os.open(path, os.O_WRONLY)
    os.write(descriptor, text)
    os.close(descriptor)

def read(path):
    with open(path) as file:
        return file.read()

counts = {"few": 200, "many": 20000}
work = {
    "reserve": lambda region, i: write(f"vcms/{region}/reserve", b"64K name=x%d\n" % i),
    "look-up": lambda region, i: os.stat(f"vcms/{region}/reservations/r{(i * 7919) % counts[region]}"),
    "addr": lambda region, i: read(f"vcms/{region}/reservations/x{i}/addr"),
    "free": lambda region, i: read(f"vcms/{region}/largest_free"),
    "rmdir": lambda region, i: os.rmdir(f"vcms/{region}/reservations/x{i}"),
    "a hole": lambda region, i: os.rmdir(f"vcms/{region}/reservations/r{i}"),
    "fill it": lambda region, i: write(f"vcms/{region}/reserve", b"64K name=r%d\n" % i),
}
for name, action in work.items():
    took = {"few": [], "many": []}
    for i in range(100):
        for region in took:
            began = time.perf_counter()
            action(region, i)
            took[region].append(time.perf_counter() - began)
    few, many = statistics.median(took["few"]), statistics.median(took["many"])
    assert many < 5 * few, f"{name}: {many / few:.1f} times slower among {counts['many']}"
END_OF_PYTHON
assert_reads vcms/many/free $((4294967296 - 20000 * 65536))
assert_reads vcms/many/reservations/r0/addr 0x0
unmount_vcmfs
