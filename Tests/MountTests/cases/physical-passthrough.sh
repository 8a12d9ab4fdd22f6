# memory/physical where file offsets are physical addresses: mapped shared it is the memory itself, coherent both ways,
# and reads what others write, whether the kernel passes it through or not.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
printf 'memory:\n  all: {base: 0, size: 64M, chunks: [1M, 64K, 4K]}\n' >"$W/platform.yaml"
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

echo "64K name=b contiguous" >phys/alloc
works python3 - "$(awk 'NR == 1 { print $1 }' phys/b/chunks)" <<'END'
import mmap, os, random, sys
where = int(sys.argv[1], 16)
physical = os.open("memory/physical", os.O_RDWR)
second = os.open("memory/physical", os.O_RDONLY)
data = os.open("phys/b/data", os.O_RDWR)
memory = mmap.mmap(physical, 64 << 20, mmap.MAP_SHARED)
model = bytearray(65536)
chance = random.Random(1)
for step in range(3000):
    start = chance.randrange(65536)
    length = chance.randrange(1, min(9000, 65536 - start) + 1)
    piece = chance.randbytes(length)
    way = chance.randrange(3)
    if way == 0:
        memory[where + start:where + start + length] = piece
        if chance.randrange(2):
            memory.flush()
    elif way == 1:
        assert os.pwrite(physical, piece, where + start) == length
    else:
        assert os.pwrite(data, piece, start) == length
    # Where the kernel has no passthrough a store reaches the memory with msync.
    if way == 0:
        memory.flush()
    model[start:start + length] = piece
    at = chance.randrange(65536)
    count = chance.randrange(1, 65536 - at + 1)
    wanted = bytes(model[at:at + count])
    for name, found in (("physical", os.pread(second, count, where + at)), ("data", os.pread(data, count, at))):
        assert found == wanted, f"step {step}, way {way}: {name} at {at}"
END
