# free and largest_free of a region are exact after each reservation and each freeing.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 1M >vcms/out/len
check() {
  assert_reads vcms/out/free "$1"
  assert_reads vcms/out/largest_free "$2"
}
check 1048576 1048576
echo "64K name=a" >vcms/out/reserve
check 983040 983040
echo "64K at=512K name=b" >vcms/out/reserve
check 917504 458752
echo "4K at=1020K name=c" >vcms/out/reserve
check 913408 458752
rmdir vcms/out/reservations/a
check 978944 524288
rmdir vcms/out/reservations/b
check 1044480 1044480
rmdir vcms/out/reservations/c
check 1048576 1048576
