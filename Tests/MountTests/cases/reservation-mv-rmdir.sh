# A reservation is renamed by mv within its region, and freed by rmdir; EBUSY while it is backed.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/other
echo "64K name=a" >vcms/out/reserve
echo "64K name=b" >vcms/out/reserve
echo 64K name=buffer >phys/alloc
ln -s phys/buffer vcms/out/reservations/a/backing
mv vcms/out/reservations/a vcms/out/reservations/c
is "b${NL}c" ls vcms/out/reservations
same 'readlink -f phys/buffer/users/*' 'readlink -f vcms/out/reservations/c'
assert_fails_with rename:EEXIST "$TRY" rename vcms/out/reservations/c vcms/out/reservations/b
assert_fails_with rename:EINVAL "$TRY" rename vcms/out/reservations/c vcms/out/reservations/.c
if quiet "$TRY" rename vcms/out/reservations/c vcms/other/reservations/c; then fail "moved to another region"; fi

nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out/reservations/c
says '\bc\b'
rm vcms/out/reservations/c/backing
rmdir vcms/out/reservations/c
is b ls vcms/out/reservations
assert_fails_with rmdir:ENOENT "$TRY" rmdir vcms/out/reservations/c
assert_reads vcms/out/free $((4294967296 - 65536))
