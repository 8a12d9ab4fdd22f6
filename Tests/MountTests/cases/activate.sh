# active of an association: EBUSY twice and for a device that another region holds, ENOENT when not active.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/other
ln -s devices/video_dec vcms/out/devices/video_dec
ln -s devices/video_dec vcms/other/devices/video_dec
active=vcms/out/associations/video_dec/active
assert_reads $active 0
put_fails ENOENT $active 0
says .
put $active 1
assert_reads $active 1
put_fails EBUSY $active 1
says video_dec
put_fails EBUSY vcms/other/associations/video_dec/active 1
says out
assert_reads vcms/other/associations/video_dec/active 0
for bad in '' 2 yes -1 '1 1' 01x; do put_fails EINVAL $active "$bad"; done
assert_reads $active 1
put $active 0
assert_reads $active 0
put_fails ENOENT $active 0
put vcms/other/associations/video_dec/active 1
put_fails EBUSY $active 1
says other
