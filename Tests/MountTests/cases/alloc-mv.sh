# mv renames a buffer; links to it follow.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
echo "64K name=a" >phys/alloc
echo "64K name=b" >phys/alloc
ln -s phys/a vcms/out/reservations/r/backing
mv phys/a phys/c
assert_missing phys/a
same 'readlink -f vcms/out/reservations/r/backing' 'readlink -f phys/c'
assert_fails_with rename:EEXIST "$TRY" rename phys/c phys/b
# A directory never takes the place of a file.
assert_fails_with rename:ENOTDIR "$TRY" rename phys/c phys/alloc
assert_fails_with rename:EINVAL "$TRY" rename phys/c phys/.c
