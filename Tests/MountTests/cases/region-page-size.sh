# vcm_get_min_page_size: the largest of the smallest pages of a region's devices; what does not fit is EINVAL, both ways.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 0x40000000 >vcms/out/start
echo 128M >vcms/out/len
assert_reads vcms/out/min_page_size 4096
echo "4K name=page" >vcms/out/reserve
nothing_changes put_fails EINVAL vcms/out/reserve 2K
says 4096
# Pages of pci0's format have 8K.
nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink devices/pci0 vcms/out/devices/pci0
says "EINVAL: .*8192.*'page'"
rmdir vcms/out/reservations/page
ln -s devices/pci0 vcms/out/devices/pci0
assert_reads vcms/out/min_page_size 8192
nothing_changes put_fails EINVAL vcms/out/reserve 4K
says '4096 is not a multiple of 8192'
put vcms/out/reserve 8K
put vcms/out/reserve 8K
assert_reads vcms/out/reservations/r1/addr 0x40002000
ln -s devices/video_dec vcms/out/devices/video_dec
assert_reads vcms/out/min_page_size 8192
rm vcms/out/devices/pci0
assert_reads vcms/out/min_page_size 4096
assert_fails_with open:EACCES "$TRY" open vcms/out/min_page_size wronly
