# An association comes with the link and goes with it: EEXIST twice, EBUSY while active, back-links both ways.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/other
is '' ls devices/video_dec/vcms
ln -s devices/video_dec vcms/out/devices/video_dec
is video_dec ls vcms/out/associations
is out ls devices/video_dec/vcms
same 'readlink -f devices/video_dec/vcms/out' 'readlink -f vcms/out'
assert_reads vcms/out/associations/video_dec/active 0
assert_fails_with symlink:EEXIST "$TRY" symlink devices/video_dec vcms/out/devices/video_dec
# Many to many.
ln -s devices/video_dec vcms/other/devices/video_dec
ln -s devices/display vcms/out/devices/display
is "other${NL}out" ls devices/video_dec/vcms
is "display${NL}video_dec" ls vcms/out/associations

echo 1 >vcms/out/associations/video_dec/active
nothing_changes assert_fails_with unlink:EBUSY "$TRY" unlink vcms/out/devices/video_dec
says video_dec
echo 0 >vcms/out/associations/video_dec/active
rm vcms/out/devices/video_dec
is display ls vcms/out/associations
is other ls devices/video_dec/vcms
assert_fails_with unlink:ENOENT "$TRY" unlink vcms/out/devices/video_dec
# Associations are not made by hand. rmdir does what rm of the link does, so that rm -r can go either way.
if quiet "$TRY" mkdir vcms/out/associations/dma; then fail "an association was made by mkdir"; fi
echo 1 >vcms/out/associations/display/active
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out/associations/display
echo 0 >vcms/out/associations/display/active
rmdir vcms/out/associations/display
assert_missing vcms/out/devices/display
assert_missing devices/display/vcms/out
