# pagetable of a region has all of its tables, of a device what it walks now, each under its header.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 1M name=buffer >phys/alloc
echo 1M name=r >vcms/out/reserve
for device in video_dec display; do ln -s devices/$device vcms/out/devices/$device; done
echo 1 >vcms/out/active
ln -s phys/buffer vcms/out/reservations/r/backing
for device in video_dec display; do
  has "^# .*$device" cat vcms/out/pagetable
  same "grep -v '^#' devices/$device/pagetable" "grep -v '^#' vcms/out/associations/$device/pagetable"
done
same "grep -v '^#' vcms/out/pagetable | sort" \
  "cat vcms/out/associations/*/pagetable | grep -v '^#' | sort"
is "$(stat -c %s vcms/out/pagetable)" sh -c 'wc -c <vcms/out/pagetable'
echo 0 >vcms/out/associations/display/active
is 0 sh -c "grep -vc '^#' devices/display/pagetable || true"
same "grep -v '^#' vcms/out/pagetable" "grep -v '^#' devices/video_dec/pagetable"
