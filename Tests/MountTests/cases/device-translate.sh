# devices/<dev>/translate/<address>: the walk of the encoded table, one line a level, or where and why it faults.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
cat >"$W/platform.yaml" <<'END'
name: walkers
memory:
  mt0: {base: 0x80000000, size: 64M}
  tables: {base: 0x90000000, size: 16M, tables: true}
devices:
  v7: {type: iommu, format: arm-v7s}
  vtd: {type: iommu, format: intel-vtd}
  dma: {type: one-to-one}
END
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

mkdir vcms/out
for device in v7 vtd dma; do ln -s devices/$device vcms/out/devices/$device; done
is 'fault no active association' cat devices/v7/translate/0x10000
rm vcms/out/devices/dma
echo 1 >vcms/out/active
echo "64K at=64K name=a" >vcms/out/reserve
echo "64K name=x" >phys/alloc
ln -s phys/x vcms/out/reservations/a/backing
physical=$(awk 'NR == 1 { print $1 }' phys/x/chunks)
for device in v7:2 vtd:4; do
  levels=${device#*:} device=${device%:*}
  walk=devices/$device/translate/0x10123
  is $((levels + 1)) sh -c "wc -l <$walk"
  has "^phys $(printf '0x%x' $((physical + 0x123))) " tail -n 1 $walk
  is "$((levels - 1))" grep -c ' table$' $walk
  is 1 grep -c ' leaf$' $walk
  # Each line's raw entry is what lies in memory at the entry's address.
  size=$(cat "formats/$(cat devices/$device/format)/entry_bytes")
  grep -v '^phys' $walk | while read -r level index at raw kind; do
    found=$(dd if=memory/physical bs=1 count="$size" skip=$((at)) status=none | od -An -t "x$size" | tr -d ' ')
    assert_eq "$((raw))" "$((0x$found))" "$device $level $index $kind"
  done
  has '^fault L[0-9] entry not present$' tail -n 1 "devices/$device/translate/0x7000000"
  has '^fault .*too wide$' tail -n 1 "devices/$device/translate/0xfffffffffffff000"
  assert_fails_with ENOENT "$TRY" stat "devices/$device/translate/banana"
done
# A one-to-one device has no walk.
is 'phys 0x80000000' cat devices/dma/translate/0x80000000
# At once what is so.
rm vcms/out/reservations/a/backing
has '^fault ' cat devices/v7/translate/0x10123
