# devices: mkdir with type and format, the platform's own, rmdir EBUSY while associated, mv.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

is "cpu0${NL}display${NL}dma${NL}pci0${NL}video_dec" ls devices
assert_reads devices/video_dec/type iommu
assert_reads devices/video_dec/format msm-smmu
assert_reads devices/dma/type one-to-one
assert_reads devices/cpu0/type cpu
assert_reads devices/cpu0/format arm-v7s

mkdir devices/gpu
assert_reads devices/gpu/type iommu
for format in formats/*; do
  format=${format#formats/}
  echo "$format" >devices/gpu/format
  assert_reads devices/gpu/format "$format"
done
for bad in '' MSM-SMMU 'msm-smmu omap-iommu'; do nothing_changes put_fails EINVAL devices/gpu/format "$bad"; done
put_fails EINVAL devices/gpu/format powervr
says powervr
for type in one-to-one cpu iommu; do
  echo $type >devices/gpu/type
  assert_reads devices/gpu/type $type
done
for bad in '' gpu IOMMU; do nothing_changes put_fails EINVAL devices/gpu/type "$bad"; done

echo intel-vtd >devices/gpu/format
mkdir vcms/out
ln -s devices/gpu vcms/out/devices/gpu
nothing_changes put_fails EBUSY devices/gpu/format x86-64
nothing_changes put_fails EBUSY devices/gpu/type cpu
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir devices/gpu
says gpu
mv devices/gpu devices/npu
is npu ls vcms/out/devices
is npu ls vcms/out/associations
same 'readlink -f vcms/out/devices/npu' 'readlink -f devices/npu'
assert_fails_with rename:EEXIST "$TRY" rename devices/npu devices/dma
rm vcms/out/devices/npu
rmdir devices/npu
assert_missing devices/npu
assert_fails_with mkdir:EEXIST "$TRY" mkdir devices/dma
assert_fails_with mkdir:EINVAL "$TRY" mkdir devices/.gpu
# One of the platform's can go as well.
rmdir devices/dma
assert_missing devices/dma
