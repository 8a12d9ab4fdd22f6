# A region can be filled to its last page: lengths are not rounded up.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 0x1000 >vcms/out/start
echo 64K >vcms/out/len
echo 64K name=all >vcms/out/reserve
assert_reads vcms/out/reservations/all/addr 0x1000
assert_reads vcms/out/reservations/all/len 65536
assert_reads vcms/out/free 0
assert_reads vcms/out/largest_free 0
put_fails ENOMEM vcms/out/reserve 4K
says 'largest|free'
rmdir vcms/out/reservations/all

# Sixteen single pages fill it as well, in order.
for page in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do echo 4K >vcms/out/reserve; done
is 16 sh -c 'ls vcms/out/reservations | wc -l'
assert_reads vcms/out/reservations/r15/addr 0x10000
assert_reads vcms/out/free 0
put_fails ENOMEM vcms/out/reserve 4K
rmdir vcms/out/reservations/r7
echo 4K name=again >vcms/out/reserve
assert_reads vcms/out/reservations/again/addr 0x8000
