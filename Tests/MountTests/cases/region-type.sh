# type of a region: device, one-to-one, kernel or user; anything else is EINVAL.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
for type in kernel user device; do
  echo "$type" >vcms/out/type
  assert_reads vcms/out/type "$type"
done
for bad in '' Device kernels 1 'device device' one_to_one; do
  nothing_changes put_fails EINVAL vcms/out/type "$bad"
done
put_fails EINVAL vcms/out/type gpu
says gpu
assert_reads vcms/out/type device
