# Extended attributes are read, never set.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need getfattr setfattr
mount_vcmfs
topology
cd "$M"

has '^user.vcmfs.id="region#[0-9]+"$' getfattr -d -m - vcms/out/start
is 'user.vcmfs.id="region#1"' sh -c 'getfattr --only-values -n user.vcmfs.id vcms/out | sed "s/.*/user.vcmfs.id=\"&\"/"'
assert_fails_with ENODATA "$TRY" getxattr vcms/out user.none
assert_fails_with EOPNOTSUPP setfattr -n user.x -v y vcms/out/start
# ls -l asks for them at every file: no complaint, no dots or pluses.
hasnt '^[-dl][-rwx]{9}[.+]' ls -lR vcms
