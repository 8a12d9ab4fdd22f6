# devices/<dev>/memory can be mapped: pages show what the table leads to, each with its own permission; others are SIGBUS.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

eye=devices/video_dec/memory
is 0 stat -c %s $eye
mkdir vcms/out
echo 64M >vcms/out/len
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
is $((64 << 20)) stat -c %s $eye
echo "256K at=64K name=rw" >vcms/out/reserve
echo "4K at=384K name=ro prot=r" >vcms/out/reserve
# Chunks that are apart in memory lie side by side in the mapping.
echo "64K name=gap" >phys/alloc
echo "64K name=first" >phys/alloc
rmdir phys/gap
echo "192K blocks=64K name=rw" >phys/alloc
echo "4K name=ro" >phys/alloc
ln -s phys/rw vcms/out/reservations/rw/backing
ln -s phys/ro vcms/out/reservations/ro/backing

printf 'over the border' | dd of=phys/rw/data bs=15 seek=$((65536 - 7)) oflag=seek_bytes conv=notrunc status=none
is 'over the border' "$TRY" mmap-read $eye $((0x20000 - 7)) 15
is 'over the border' "$TRY" mmap-private $eye $((0x20000 - 7)) 15
works "$TRY" mmap-write $eye $((0x30000 - 3)) 'stored'
is 'stored' "$TRY" read phys/rw/data $((0x20000 - 3)) 6
# A page that nothing is mapped at: SIGBUS, and one line of faults that names it, not what was read ahead.
exec 3<devices/video_dec/faults
assert_fails_with SIGBUS "$TRY" mmap-read $eye 0x45000 1
assert_fails_with SIGBUS "$TRY" mmap-private $eye 0x3f00000 1
# (192K are backed of 256K: the page before is there, the next is not.)
is 1 sh -c "'$TRY' mmap-read $eye 0x3ffff 1 | wc -c"
assert_fails_with SIGBUS "$TRY" mmap-read $eye 0x40000 1
is "1 video_dec 0x45000 read
2 video_dec 0x3f00000 read
3 video_dec 0x40000 read" sh -c 'dd bs=4K count=1 status=none | cut -d " " -f 1-4' <&3
says '0x40000'
# Read-only: a store is refused when it is written back, and the mapping shows memory again.
printf read >phys/ro/data
is read "$TRY" mmap-read $eye 0x60000 4
quiet "$TRY" mmap-write $eye 0x60000 lost && fail "a store to a read-only page was taken"
is read "$TRY" read phys/ro/data 0 4
is read "$TRY" mmap-read $eye 0x60000 4
is "4 video_dec 0x60000 write" sh -c 'dd bs=4K count=1 status=none | cut -d " " -f 1-4' <&3
exec 3<&-

# One mapping sees what others write, and what the tables say now.
cat >"$W/live.py" <<'END'
import mmap, os, signal, sys, time
eye = sys.argv[1]
def put(path, data, offset):
    with open(path, "r+b", buffering=0) as file:
        file.seek(offset)
        file.write(data)
def echo(text, path):
    with open(path, "w") as file:
        file.write(text + "\n")
def touches(offset):
    "Whether a byte of the mapping can be read, by a child that a SIGBUS may kill."
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGBUS, signal.SIG_DFL)
        view[offset]
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert status == 0 or os.WTERMSIG(status) == signal.SIGBUS, status
    return status == 0
descriptor = os.open(eye, os.O_RDWR)
view = mmap.mmap(descriptor, 64 << 20, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
os.close(descriptor)
data = mmap.mmap(os.open("phys/rw/data", os.O_RDWR), 192 << 10, mmap.MAP_SHARED)
for round in range(3):
    for path, offset in (("phys/rw/data", 0), ("vcms/out/reservations/rw/data", 0), (eye, 0x10000)):
        text = b"%d %s" % (round, path[:4].encode())
        put(path, text, offset + 0x2000)
        assert view[0x12000:0x12000 + len(text)] == text, (path, view[0x12000:0x12010])
        assert data[0x2000:0x2000 + len(text)] == text, (path, data[0x2000:0x2010])
    view[0x13000:0x13004] = b"eye%d" % round
    view.flush(0x13000, 4096)
    # Another mapping has it soon: the kernel gives up its page after the answer to msync.
    for attempt in range(400):
        if data[0x3000:0x3004] == b"eye%d" % round:
            break
        time.sleep(0.01)
    assert data[0x3000:0x3004] == b"eye%d" % round, data[0x3000:0x3004]
assert touches(0x10000)
os.unlink("vcms/out/reservations/rw/backing")
assert not touches(0x10000)
os.symlink("phys/rw", "vcms/out/reservations/rw/backing")
assert touches(0x10000)
assert view[0x13000:0x13004] == b"eye2"
echo("prot=none", "vcms/out/reservations/rw/attr")
assert not touches(0x10000)
echo("prot=rw", "vcms/out/reservations/rw/attr")
assert touches(0x10000)
echo("0", "vcms/out/active")
assert not touches(0x10000)
echo("1", "vcms/out/active")
assert touches(0x10000)
END
works python3 "$W/live.py" $eye

# A one-to-one device maps physical addresses.
where=$(($(awk 'NR == 1 { print $1 }' phys/rw/chunks)))
is 'over th' "$TRY" mmap-read devices/dma/memory $((where + 65536 - 7)) 7
assert_fails_with SIGBUS "$TRY" mmap-read devices/dma/memory 0x1000 1

# A copy of the eye is as sparse as what it sees.
is "$((0x10000))" "$TRY" seek-data $eye 0
is "$((0x40000))" "$TRY" seek-hole $eye 0x10000
is "$((0x60000))" "$TRY" seek-data $eye 0x40000
assert_fails_with seek-data:ENXIO "$TRY" seek-data $eye 0x61000
is "$((0x61000))" "$TRY" seek-hole $eye 0x61000
works cp $eye "$W/eye"
is $((64 << 20)) stat -c %s "$W/eye"
is 'over the border' dd if="$W/eye" bs=15 count=1 skip=$((0x20000 - 7)) iflag=skip_bytes status=none
[ "$(stat -c %b "$W/eye")" -lt 1024 ] || fail "the copy is not sparse: $(stat -c %b "$W/eye") blocks"
