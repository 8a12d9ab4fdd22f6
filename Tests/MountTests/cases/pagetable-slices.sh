# pread of a long dump at any offset is the slice of the whole; so for pagetable.bin and pagetable.json.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
# 4 KiB pages only, so that the dump is long: 8192 entries and 32 tables.
echo "32M blocks=4K name=buffer" >phys/alloc
echo "32M at=0x1001000 name=r" >vcms/out/reserve
ln -s phys/buffer vcms/out/reservations/r/backing
cd vcms/out/associations/video_dec
[ "$(grep -vc '^#' pagetable)" -ge 8192 ] || fail "only $(wc -l <pagetable) lines: the buffer's blocks were joined"
works python3 - <<'END'
import os, random, sys
seed = random.randrange(1 << 32)
rng = random.Random(seed)
for name in ("pagetable", "pagetable.bin", "pagetable.json"):
    whole = open(name, "rb").read()
    size = os.stat(name).st_size
    assert len(whole) == size, f"{name}: read {len(whole)} bytes, stat says {size}"
    descriptor = os.open(name, os.O_RDONLY)
    for _ in range(300):
        offset = rng.choice((rng.randrange(size), rng.randrange(size), size - rng.randrange(1, 300), size, size + 5))
        length = rng.choice((1, 7, 80, 4096, 65536, 1 << 20))
        got = os.pread(descriptor, length, offset)
        assert got == whole[offset:offset + length], f"{name}: seed {seed}: pread({length}, {offset}) differs"
    os.close(descriptor)
END
