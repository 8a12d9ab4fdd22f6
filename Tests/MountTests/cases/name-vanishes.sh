# Whoever looks while an object comes and goes, in its own directory or in the ones that list it too, finds it or ENOENT:
# never ESTALE (which the kernel hides once, not twice), and never what another object shows. VCMFS_TEST_SECONDS=N goes on for N seconds.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "64K name=buffer" >phys/alloc
VCMFS_TEST_SECONDS=${VCMFS_TEST_SECONDS:-4} works python3 - <<'END'
import collections, os, signal, sys, time

end = time.monotonic() + float(os.environ["VCMFS_TEST_SECONDS"])

def put(path, text):
    file = os.open(path, os.O_WRONLY)
    os.write(file, text.encode())
    os.close(file)

def get(path):
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 4096).decode()
    finally:
        os.close(file)

def write():
    put("vcms/out/reserve", "64K at=0x20000 name=r\n")
    os.symlink("phys/buffer", "vcms/out/reservations/r/backing")
    os.unlink("vcms/out/reservations/r/backing")
    os.rmdir("vcms/out/reservations/r")
    os.symlink("devices/dma", "vcms/out/devices/dma")
    os.unlink("vcms/out/devices/dma")
    os.mkdir("vcms/brief")
    os.rmdir("vcms/brief")
    put("phys/alloc", "4K name=brief\n")
    os.rmdir("phys/brief")

def users():
    for name in os.listdir("phys/buffer/users"):
        try:
            target = os.readlink(f"phys/buffer/users/{name}")
        except FileNotFoundError:
            continue
        assert target == "../../../vcms/out/reservations/r", target

def same(got, wanted):
    assert got == wanted, got

looks = {
    "users": users,
    "addr": lambda: same(get("vcms/out/reservations/r/addr"), "0x20000\n"),
    "at": lambda: same(os.readlink("vcms/out/at/0x21000"), "../reservations/r"),
    "through at": lambda: same(get("vcms/out/at/0x20000/len"), "65536\n"),
    "translate": lambda: get("vcms/out/translate/0x20000").index("reservation vcms/out/reservations/r 0x0"),
    "backing": lambda: same(os.readlink("vcms/out/reservations/r/backing"), "../../../../phys/buffer"),
    "active": lambda: same(get("vcms/out/associations/dma/active"), "0\n"),
    "back link": lambda: same(os.readlink("devices/dma/vcms/out"), "../../../vcms/out"),
    "link": lambda: same(os.readlink("vcms/out/devices/dma"), "../../../devices/dma"),
    "region": lambda: same(get("vcms/brief/type"), "device\n"),
    "listing": lambda: os.listdir("vcms/brief/bounds"),
    "attributes": lambda: os.stat("vcms/brief/start"),
    "chunks": lambda: same(get("phys/brief/chunks").split()[1], "4096"),
}

def watch():
    counts = collections.Counter()
    while time.monotonic() < end:
        for name, look in looks.items():
            try:
                look()
                counts[name] += 1
            except FileNotFoundError:
                counts["no " + name] += 1
            except Exception as problem:
                print(f"{name}: {type(problem).__name__}: {problem}", flush=True)
                return 1
    return 0

watchers = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        os._exit(watch())
    watchers.append(child)
rounds = 0
while time.monotonic() < end:
    write()
    rounds += 1
status = [os.waitpid(child, 0)[1] for child in watchers]
assert not any(status), status
assert rounds > 20, rounds
END
is '' ls vcms/out/reservations
