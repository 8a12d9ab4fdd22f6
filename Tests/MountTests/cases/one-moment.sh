# No file shows a mixture of two moments: while writers change the graph, readers take files of many lines a few bytes at a
# time, and every text that they get is whole and agrees with itself. VCMFS_TEST_SECONDS=N goes on for N seconds.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/pairs
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
echo "64K at=0x100000 name=frame" >vcms/out/reserve
echo "64K at=0x300000 name=flip" >vcms/out/reserve
echo "64K blocks=4K name=buffer" >phys/alloc
ln -s phys/buffer vcms/out/reservations/flip/backing

VCMFS_TEST_SECONDS=${VCMFS_TEST_SECONDS:-5} works python3 - <<'END'
import collections, errno, json, os, re, sys, threading, time, xml.dom.minidom

end = time.monotonic() + float(os.environ["VCMFS_TEST_SECONDS"])
wrong, counts = [], collections.Counter()

def put(path, text):
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)

def get(path, step):
    """The whole text, a few bytes a read; None where the file is not there."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        pieces = []
        while piece := os.pread(file, step, sum(map(len, pieces))):
            pieces.append(piece)
            if len(pieces) % 8 == 0:
                time.sleep(0)
        return b"".join(pieces).decode()
    finally:
        os.close(file)

# Writers: each goes through states of its own, and none fails.

def back_and_unback():
    os.symlink("phys/buffer", "vcms/out/reservations/frame/backing")
    os.unlink("vcms/out/reservations/frame/backing")

def make_and_remove():
    # `second` is there only together with `first`.
    put("vcms/pairs/reserve", "4K at=0x10000 name=first\n8K at=0x20000 name=second\n")
    os.rmdir("vcms/pairs/reservations/second")
    os.rmdir("vcms/pairs/reservations/first")

def allocate_and_free():
    put("phys/alloc", "64K blocks=4K name=changing\n")
    os.rmdir("phys/changing")
    put("phys/alloc", "128K blocks=64K name=changing\n")
    os.rmdir("phys/changing")

flips = ["prot=r cache=wt user", "prot=rw cache=none user"]

def change_attributes():
    for flip in flips:
        put("vcms/out/reservations/flip/attr", flip + "\n")

# Readers.

def check_attr(text):
    assert text in [flip + "\n" for flip in flips], text

def lines_of(text, level):
    return [line for line in text.splitlines() if line.startswith(level)]

def check_pagetable(text):
    header = [line for line in text.splitlines() if line.startswith("#")]
    leaves = lines_of(text, "L2")
    frame = [line for line in leaves if 0x100000 <= int(line.split()[4], 16) < 0x110000]
    flip = [line for line in leaves if 0x300000 <= int(line.split()[4], 16) < 0x310000]
    assert header[0] == "# region out" and header[1].startswith("# device "), header
    assert len(frame) in (0, 16) and len(flip) == 16, (len(frame), len(flip))
    tables = len(lines_of(text, "L1"))
    assert tables == (2 if frame else 1), (tables, len(frame))
    # All of a reservation's entries have one set of attributes.
    assert len({line.split(None, 7)[7] for line in flip}) == 1, flip

def check_json_table(text):
    table = json.loads(text)
    entries = [entry for entry in table["entries"] if entry["level"] == "L2"]
    assert len(entries) in (16, 32), len(entries)
    assert len({tuple(sorted(table_.items())) for table_ in table["tables"]}) == len(table["tables"])
    assert len(table["tables"]) == 1 + len(entries) // 16, (len(table["tables"]), len(entries))

def check_chunks(text):
    sizes = [int(line.split()[1]) for line in text.splitlines()]
    assert sizes in ([4096] * 16, [65536] * 2), sizes

def check_state(text):
    state = json.loads(text)
    pairs = next(region for region in state["regions"] if region["name"] == "pairs")
    names = [reservation["name"] for reservation in pairs["reservations"]]
    assert names in ([], ["first"], ["first", "second"]), names
    buffers = {buffer["name"]: buffer for buffer in state["buffers"]}
    for region in state["regions"]:
        for reservation in region["reservations"]:
            assert reservation["backing"] in (None, *buffers), reservation
    if "changing" in buffers:
        total = sum(int(c["length"]) * int(c["count"]) for c in buffers["changing"]["chunks"])
        assert total == int(buffers["changing"]["length"]), buffers["changing"]

def check_metrics(text):
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    def value(name, **labels):
        return int(values[name + "{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}"])
    reserved = value("vcmfs_region_reserved_bytes", vcm="pairs")
    count = value("vcmfs_region_reservations", vcm="pairs")
    assert (count, reserved) in ((0, 0), (1, 4096), (2, 12288)), (count, reserved)
    assert reserved + value("vcmfs_region_free_bytes", vcm="pairs") == 1 << 32
    assert value("vcmfs_objects", kind="reservation") == 2 + count
    free = value("vcmfs_memory_free_bytes", memtype="mt0")
    blocks = sum(
        int(number) * int(re.search(r'size="(\d+)"', name)[1]) for name, number in values.items()
        if name.startswith("vcmfs_memory_free_blocks{") and 'memtype="mt0"' in name)
    assert free == blocks, (free, blocks)
    taken = (256 << 20) - free
    assert taken == (65536 if value("vcmfs_objects", kind="buffer") == 1 else taken), taken
    assert taken in (65536, 131072, 196608), taken

def check_free_chunks(text):
    taken = (256 << 20) - sum(int(size) * int(number) for size, number in (line.split() for line in text.splitlines()))
    assert taken in (65536, 131072, 196608), taken

def check_dot(text):
    declared = set(re.findall(r"^  (\w+) \[shape", text, re.M))
    used = set(re.findall(r"\b([drb]\d+) ->", text)) | set(re.findall(r"-> ([drb]\d+)", text))
    assert text.endswith("}\n") and used <= declared, used - declared

def check_svg(text):
    xml.dom.minidom.parseString(text)
    assert text.count("second") <= text.count("first"), text

def check_root(text):
    assert text.startswith("table=0x94") and text.endswith("\n") and len(text.splitlines()) >= 5, text

table = "vcms/out/associations/video_dec/pagetable"
readers = {
    "vcms/out/reservations/flip/attr": check_attr,
    table: check_pagetable,
    table + ".json": check_json_table,
    "phys/changing/chunks": check_chunks,
    "state.json": check_state,
    "metrics": check_metrics,
    "memory/mt0/chunks": check_free_chunks,
    "topology.dot": check_dot,
    "topology.svg": lambda text: xml.dom.minidom.parseString(text),
    "vcms/pairs/map.svg": check_svg,
    "vcms/out/associations/video_dec/root": check_root,
}

def run(name, body):
    while time.monotonic() < end and not wrong:
        try:
            body()
            counts[name] += 1
        except Exception as problem:
            wrong.append(f"{name}: {type(problem).__name__}: {str(problem)[:1500]}")

def reader(path, check):
    steps = [61, 509, 4096]
    def once():
        steps.append(steps.pop(0))
        text = get(path, steps[0])
        if text is not None:
            check(text)
    return once

threads = [threading.Thread(target=run, args=(body.__name__, body))
           for body in (back_and_unback, make_and_remove, allocate_and_free, change_attributes)]
threads += [threading.Thread(target=run, args=(path, reader(path, check))) for path, check in readers.items()]
for thread in threads: thread.start()
for thread in threads: thread.join()
if wrong:
    sys.exit("\n".join(wrong))
idle = [name for name in [*readers, "back_and_unback", "make_and_remove", "allocate_and_free", "change_attributes"] if not counts[name]]
if idle:
    sys.exit(f"nothing came of {idle}: {counts}")
END
rm vcms/out/reservations/flip/backing
is '' ls vcms/pairs/reservations
