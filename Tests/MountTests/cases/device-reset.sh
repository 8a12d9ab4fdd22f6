# hw_ver of a device is text; reset deactivates all that is active on it, and what was reserved and backed stays.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

has . cat devices/video_dec/hw_ver
mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
echo "64K name=buffer" >phys/alloc
for device in video_dec display; do ln -s devices/$device vcms/out/devices/$device; done
echo 1 >vcms/out/active
ln -s phys/buffer vcms/out/reservations/r/backing
cat vcms/out/associations/video_dec/pagetable >"$W/before"

echo 1 >devices/video_dec/reset
assert_reads vcms/out/associations/video_dec/active 0
assert_reads vcms/out/associations/display/active 1
is "$(readlink -f phys/buffer)" readlink -f vcms/out/reservations/r/backing
echo 1 >vcms/out/associations/video_dec/active
has ' 0x0*80' cat vcms/out/associations/video_dec/pagetable
for bad in '' 2 now; do put_fails EINVAL devices/video_dec/reset "$bad"; done
# Nothing active: nothing to do.
echo 1 >devices/dma/reset
