# data ends where the backing ends: reads stop there, writes do not pass it, truncation does not change it.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
echo "8K name=buffer" >phys/alloc
data=vcms/out/reservations/r/data
# Not backed: nothing to read, nowhere to write.
is 0 stat -c %s $data
if quiet "$TRY" write $data x; then fail "a reservation without backing took a byte"; fi
ln -s phys/buffer vcms/out/reservations/r/backing
is 8192 stat -c %s $data
is 8192 stat -c %s phys/buffer/data
is 8192 sh -c "wc -c <$data"
is 0 sh -c "tail -c +8193 $data | wc -c"
is '' "$TRY" read $data 8192
is '' "$TRY" read $data 1000000
# A write that begins inside is cut at the end; one that begins at the end has no room.
is '4 of 8' "$TRY" write $data 12345678 8188
is 1234 dd if=$data bs=4 skip=2047 status=none
if quiet "$TRY" write $data x 8192; then fail "a byte was taken after the end"; fi
if quiet dd if=/dev/zero of=$data bs=4096 count=3 status=none; then fail "three pages went into two"; fi
# echo > FILE truncates first: the bytes after what it writes stay.
"$TRY" write $data abcdefgh 0
echo xy >$data
is 8192 stat -c %s $data
is "xy${NL}defgh" dd if=$data bs=8 count=1 status=none
# Appending begins at the end, where there is no room.
if (echo more >>$data) 2>/dev/null; then fail "data grew"; fi
is 8192 stat -c %s $data
