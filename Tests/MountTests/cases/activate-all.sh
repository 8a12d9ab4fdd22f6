# active of a region: all of its associations at once, or none.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/other
for device in video_dec display dma; do ln -s devices/$device vcms/out/devices/$device; done
assert_reads vcms/out/active 0
echo 1 >vcms/out/active
assert_reads vcms/out/active 1
for device in video_dec display dma; do assert_reads vcms/out/associations/$device/active 1; done
echo 0 >vcms/out/active
assert_reads vcms/out/active 0
for device in video_dec display dma; do assert_reads vcms/out/associations/$device/active 0; done

# One that cannot be: none is.
ln -s devices/display vcms/other/devices/display
echo 1 >vcms/other/active
nothing_changes put_fails EBUSY vcms/out/active 1
says display
echo 0 >vcms/other/active
# Some are: the rest are added.
echo 1 >vcms/out/associations/display/active
assert_reads vcms/out/active 0
echo 1 >vcms/out/active
assert_reads vcms/out/active 1
for bad in '' 2 on; do put_fails EINVAL vcms/out/active "$bad"; done
