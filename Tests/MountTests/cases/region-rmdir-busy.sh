# rmdir of a region is EBUSY with a reservation or an association, active or not.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 64K >vcms/out/reserve
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out
says out
rmdir vcms/out/reservations/r0
ln -s devices/video_dec vcms/out/devices/video_dec
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out
echo 1 >vcms/out/active
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out
echo 0 >vcms/out/active
rm vcms/out/devices/video_dec
rmdir vcms/out
assert_missing vcms/out
