# unlink of an attribute succeeds: it is hidden, and back when its directory is looked at anew.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 64K >vcms/out/reserve
rm vcms/out/start
rm vcms/out/reservations/r0/addr vcms/out/reservations/r0/len
# Removing it changed nothing but the name.
echo 4K name=after >vcms/out/reserve
assert_reads vcms/out/reservations/after/addr 0x10000
rmdir vcms/out/reservations/r0 vcms/out/reservations/after
# A new look at the directory.
ls vcms/out >/dev/null
assert_exists vcms/out/start
assert_reads vcms/out/start 0x0
# A region of the same name is a new one, with all its files.
rm vcms/out/len
rmdir vcms/out
mkdir vcms/out
assert_reads vcms/out/len 4294967296
# The fixed files of the root and of formats as well.
quiet rm help || true
assert_exists vcms
ls . >/dev/null
has . cat help
