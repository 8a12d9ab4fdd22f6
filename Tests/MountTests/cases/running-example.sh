# The running example of the mail, its thirteen steps, with nothing but mkdir, ln, echo, cat and dd.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need awk
mount_vcmfs
cd "$M"

# 1: a region of 128 MB at 0x1000.
mkdir vcms/out
echo 0x1000 >vcms/out/start
echo 128M >vcms/out/len
assert_reads vcms/out/start 0x1000
assert_reads vcms/out/len 134217728

# 2: two devices whose IOMMUs have different page-table formats.
ln -s devices/video_dec vcms/out/devices/video_dec
ln -s devices/display vcms/out/devices/display
assert_reads devices/video_dec/format msm-smmu
assert_reads devices/display/format omap-iommu

# 3: both active.
assert_reads vcms/out/associations/video_dec/active 0
echo 1 >vcms/out/associations/video_dec/active
echo 1 >vcms/out/associations/display/active
assert_reads vcms/out/active 1

# 4 and 5: two buffers.
echo "128K memtype=mt0 blocks=64K name=buf_64k" >phys/alloc
echo "16M memtype=mt0 blocks=1M,64K,4K name=frame" >phys/alloc
assert_reads phys/buf_64k/len 131072
assert_reads phys/frame/len 16777216

# 6: the physical segments, for a DMA engine that has no IOMMU.
is 131072 awk '{ sum += $2 } END { print sum }' phys/buf_64k/chunks
is 16777216 awk '{ sum += $2 } END { print sum }' phys/frame/chunks
has '^0x80000000 ' cat phys/buf_64k/chunks

# 7: two reservations.
echo "512K align=64K name=res_64k" >vcms/out/reserve
echo "16M align=16M name=res_16M" >vcms/out/reserve

# 8: 128 KB backs a reservation of 512 KB, and 16 MB one of 16 MB.
ln -s phys/buf_64k vcms/out/reservations/res_64k/backing
ln -s phys/frame vcms/out/reservations/res_16M/backing

# 9: the device addresses.
assert_reads vcms/out/reservations/res_64k/addr 0x10000
assert_reads vcms/out/reservations/res_16M/addr 0x1000000

# 10, 11, 12: the prebuilt kernel region, and the same frame buffer in it.
mkdir vcms/kernel
echo kernel >vcms/kernel/type
echo "16M name=frame" >vcms/kernel/reserve
ln -s phys/frame vcms/kernel/reservations/frame/backing

# 13: what the CPU writes, the devices' reservation reads.
printf 'a frame' | dd of=vcms/kernel/reservations/frame/data conv=notrunc status=none
is 'a frame' dd if=vcms/out/reservations/res_16M/data bs=7 count=1 status=none
is 'a frame' dd if=phys/frame/data bs=7 count=1 status=none

# Both tables name the same device address and the same physical one, in their own entries.
frame=$(awk 'NR == 1 { print $1 }' phys/frame/chunks)
for device in video_dec display; do
  awk -v address=0x1000000 '!/^#/ && $5 ~ /^0x0*1000000$/ { print $7; exit }' \
    "vcms/out/associations/$device/pagetable" >"$W/$device"
  [ "$(($(cat "$W/$device")))" -eq "$((frame))" ] || fail "$device maps 0x1000000 to $(cat "$W/$device"), not $frame"
done
raw() { awk '!/^#/ && $5 ~ /^0x0*1000000$/ { print $4; exit }' "$1"; }
[ "$(raw vcms/out/associations/video_dec/pagetable)" != "$(raw vcms/out/associations/display/pagetable)" ] ||
  fail "the two formats have the same entry"

# And all of it is taken down again.
rm vcms/kernel/reservations/frame/backing
rmdir vcms/kernel/reservations/frame vcms/kernel
rm vcms/out/reservations/res_64k/backing vcms/out/reservations/res_16M/backing
rmdir vcms/out/reservations/res_64k vcms/out/reservations/res_16M
echo 0 >vcms/out/active
rm vcms/out/devices/video_dec vcms/out/devices/display
rmdir vcms/out phys/buf_64k phys/frame
is '' ls vcms
assert_reads memory/mt0/free 268435456
assert_reads memory/tables/free 67108864
