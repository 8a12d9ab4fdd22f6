# A dump of sixty thousand entries: a piece from deep inside costs what a piece of the start costs, and is the same.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
cat >"$W/platform.yaml" <<'END_OF_PLATFORM'
name: sparse
memory:
  ram:    {base: 0, size: 1G}
  tables: {base: 0x40000000, size: 16M, tables: true}
devices:
  gpu: {type: iommu, format: intel-vtd}
END_OF_PLATFORM
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

mkdir vcms/out
ln -s devices/gpu vcms/out/devices/gpu
echo 1 >vcms/out/active
# The two addresses are at different distances from 2M: pages of 4K only.
echo "256M at=0 name=buffer" >phys/alloc
echo "256M at=0x1000 name=r" >vcms/out/reserve
ln -s phys/buffer vcms/out/reservations/r/backing
cd vcms/out/associations/gpu
cat pagetable >"$W/whole"
is 65536 grep -c '^L1 ' "$W/whole"
is "$(stat -c %s pagetable)" stat -c %s "$W/whole"
blocks=$(($(stat -c %s pagetable) / 4096))
for skip in 0 1 $((blocks / 2)) $((blocks - 9)) "$blocks"; do
  dd if=pagetable of="$W/piece" bs=4096 skip="$skip" count=8 status=none
  dd if="$W/whole" of="$W/slice" bs=4096 skip="$skip" count=8 status=none
  works cmp "$W/piece" "$W/slice"
done

works python3 - <<'END_OF_PYTHON'
import os, statistics, time

# The first read after the open too: nothing is rendered ahead of it.
for name in "pagetable", "pagetable.bin":
    size = os.stat(name).st_size
    took = {"start": [], "deep": []}
    for i in range(40):
        for place, offset in ("start", 4096 + 40 * i), ("deep", size - 200000 + 40 * i):
            descriptor = os.open(name, os.O_RDONLY)
            began = time.perf_counter()
            piece = os.pread(descriptor, 4096, offset)
            took[place].append(time.perf_counter() - began)
            os.close(descriptor)
            assert len(piece) == 4096
    start, deep = statistics.median(took["start"]), statistics.median(took["deep"])
    assert deep < 4 * start, f"{name}: {deep / start:.1f} times what the start costs"
END_OF_PYTHON

# An open dump shows its moment while the table goes away.
exec 3<pagetable
rm "$M/vcms/out/reservations/r/backing"
cat <&3 >"$W/held"
exec 3<&-
works cmp "$W/whole" "$W/held"
is 0 sh -c 'grep -c "^L" pagetable || true'
unmount_vcmfs
