# pagetable.bin is the table memory page after page; pagetable.json says where each page lies, and decodes the same entries.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

mkdir vcms/out
for device in video_dec display; do ln -s devices/$device vcms/out/devices/$device; done
echo 1 >vcms/out/active
echo "3M name=buffer" >phys/alloc
echo "3M at=0x1ff0000 name=r" >vcms/out/reserve
ln -s phys/buffer vcms/out/reservations/r/backing
for device in video_dec display; do
  works python3 - "vcms/out/associations/$device" memory/physical <<'END'
import json, os, sys
directory, physical = sys.argv[1:]
document = json.load(open(f"{directory}/pagetable.json"))
image = open(f"{directory}/pagetable.bin", "rb").read()
memory = os.open(physical, os.O_RDONLY)
def number(value):
    return int(value, 0) if isinstance(value, str) else value
position = 0
tables = document["tables"]
assert len(tables) >= 2, tables
for table in tables:
    address, size = number(table["address"]), number(table["bytes"])
    assert image[position:position + size] == os.pread(memory, size, address), f"table at {address:#x}"
    position += size
assert position == len(image), f"{position} bytes of tables, pagetable.bin has {len(image)}"
lines = [line.split() for line in open(f"{directory}/pagetable") if not line.startswith("#")]
entries = document["entries"]
assert len(entries) == len(lines), f"{len(entries)} entries, {len(lines)} lines"
assert [entry["output_kind"] for entry in entries] == [line[7] for line in lines]
assert {entry["output_kind"] for entry in entries if entry["kind"] == "leaf"} == {"pa"}
assert document["addresses"] == "va to pa", document["addresses"]
END
done
