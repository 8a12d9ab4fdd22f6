# devices/<dev>/memory: what the device sees at its addresses, through the table in memory and with its permissions.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

eye=devices/video_dec/memory
is 600 stat -c %a $eye
mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
assert_fails_with read:EFAULT "$TRY" read $eye 0x10000 4
says 'video_dec.*0x10000'
echo 1 >vcms/out/active
echo "128K at=64K name=rw" >vcms/out/reserve
echo "4K at=192K name=ro prot=r" >vcms/out/reserve
# Two chunks that are apart, so that one access crosses from one to the other.
echo "64K name=gap" >phys/alloc
echo "64K name=first" >phys/alloc
rmdir phys/gap
echo "128K blocks=64K name=rw" >phys/alloc
echo "4K name=ro" >phys/alloc
ln -s phys/rw vcms/out/reservations/rw/backing
ln -s phys/ro vcms/out/reservations/ro/backing
is 2 grep -c . phys/rw/chunks
[ "$(($(awk 'NR == 2 { print $1 }' phys/rw/chunks) - $(awk 'NR == 1 { print $1 }' phys/rw/chunks)))" -ne 65536 ] ||
  fail "the chunks are not apart: $(cat phys/rw/chunks)"

# Written by the processor, read by the device; and the other way round, over the border of the chunks.
printf 'from the processor' >phys/rw/data
is 'from the processor' "$TRY" read $eye 0x10000 18
works "$TRY" write $eye 'over the border' $((0x20000 - 7))
is 'over the border' "$TRY" read phys/rw/data $((65536 - 7)) 15
is 'over the border' "$TRY" read vcms/out/reservations/rw/data $((65536 - 7)) 15

# A read goes as far as the table permits; it faults where it may not begin.
is 16 sh -c "'$TRY' read $eye $((0x31000 - 16)) 4096 | wc -c"
assert_fails_with read:EFAULT "$TRY" read $eye 0x31000 1
assert_fails_with read:EFAULT "$TRY" read $eye 0 1
# Read-only: a write up to it is short, one that begins in it faults and changes nothing.
is '5 of 10' "$TRY" write $eye 0123456789 $((0x30000 - 5))
assert_fails_with write:EFAULT "$TRY" write $eye x 0x30000
says 'write.*not permitted'
is 0 sh -c 'tr -d "\000" <phys/ro/data | wc -c'
printf read >phys/ro/data
is read "$TRY" read $eye 0x30000 4

# Through the table as it lies in memory: who writes over an entry there, changes what the device sees.
entry=$(awk '!/^#/ && $5 ~ /^0x0*30000$/ { print $3; exit }' devices/video_dec/pagetable)
is 1 sh -c "dd if=/dev/zero bs=1 count=4 seek=$((entry)) of=memory/physical conv=notrunc status=none && echo 1"
assert_fails_with read:EFAULT "$TRY" read $eye 0x30000 4
echo 0 >vcms/out/active
echo 1 >vcms/out/active
is read "$TRY" read $eye 0x30000 4

# At once what is so.
rm vcms/out/reservations/ro/backing
assert_fails_with read:EFAULT "$TRY" read $eye 0x30000 4
echo "prot=r" >vcms/out/reservations/rw/attr
assert_fails_with write:EFAULT "$TRY" write $eye x 0x10000
echo 0 >vcms/out/active
assert_fails_with read:EFAULT "$TRY" read $eye 0x10000 4

# A one-to-one device sees physical addresses.
is 'from the processor' "$TRY" read devices/dma/memory "$(($(awk 'NR == 1 { print $1 }' phys/rw/chunks)))" 18
assert_fails_with read:ENXIO "$TRY" read devices/dma/memory 0x1000 1
# Far away is no crash.
for far in 0xffffffff 0x100000000 0x7ffffffffffff000; do
  assert_fails_with read:EFAULT "$TRY" read $eye $far 4
done
