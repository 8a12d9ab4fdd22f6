# attr of an association: rw while inactive, EBUSY while active, every malformed value EINVAL.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
# In the upper half, so that both halves of a split can be asked for.
echo 1G >vcms/out/len
echo 0x80000000 >vcms/out/start
ln -s devices/video_dec vcms/out/devices/video_dec
cd vcms/out/associations/video_dec
assert_reads attr 'base=low split=0'
for value in 'base=high split=1' 'base=low split=0'; do
  put attr "$value"
  assert_reads attr "$value"
done
# The low table of split=3 ends below the region.
nothing_changes put_fails ERANGE attr 'base=low split=3'
for bad in 'base=middle' 'base=' 'split=x' 'split=-1' 'split=32' 'split=99' 'colour=red' 'base=low base=high' 'low'; do
  nothing_changes put_fails EINVAL attr "$bad"
done
says . .
assert_reads attr 'base=low split=0'
echo 1 >active
nothing_changes put_fails EBUSY attr 'base=low split=0'
echo 0 >active
put attr 'base=low split=0'

# A region that only the upper half holds is given it, for attr is there only after the link.
cd "$M"
mkdir devices/gpu vcms/kernel
echo arm64-4k >devices/gpu/format
echo 0xffffffc000000000 >vcms/kernel/start
echo 256G >vcms/kernel/len
ln -s devices/gpu vcms/kernel/devices/gpu
assert_reads vcms/kernel/associations/gpu/attr 'base=high split=16'
put vcms/kernel/associations/gpu/attr 'base=high split=25'
nothing_changes put_fails ERANGE vcms/kernel/associations/gpu/attr 'base=high split=27'
nothing_changes put_fails ERANGE vcms/kernel/associations/gpu/attr 'base=low split=25'
