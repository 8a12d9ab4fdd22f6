# back is EAGAIN while an association is inactive, allowed without any; unback never needs activation.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
echo "64K name=buffer" >phys/alloc
back() { "$TRY" symlink phys/buffer vcms/out/reservations/r/backing; }

# No association: allowed.
back
rm vcms/out/reservations/r/backing
ln -s devices/video_dec vcms/out/devices/video_dec
ln -s devices/display vcms/out/devices/display
nothing_changes assert_fails_with symlink:EAGAIN "$TRY" symlink phys/buffer vcms/out/reservations/r/backing
says 'video_dec|display'
echo 1 >vcms/out/associations/video_dec/active
nothing_changes assert_fails_with symlink:EAGAIN "$TRY" symlink phys/buffer vcms/out/reservations/r/backing
says display
echo 1 >vcms/out/associations/display/active
back
# Deactivate while backed, unback inactive.
echo 0 >vcms/out/active
assert_exists vcms/out/reservations/r/backing
rm vcms/out/reservations/r/backing
assert_missing vcms/out/reservations/r/backing
assert_fails_with symlink:EAGAIN "$TRY" symlink phys/buffer vcms/out/reservations/r/backing
