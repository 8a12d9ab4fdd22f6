# A walker that is not ours, reading memory/physical from root, finds exactly what is backed, in every format.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
cat >"$W/platform.yaml" <<'END'
name: all formats
memory:
  mt0: {base: 0x40000000, size: 256M}
  high: {base: 0x100000000, size: 4G}
  tables: {base: 0x60000000, size: 64M, tables: true}
devices:
  msm: {type: iommu, format: msm-smmu}
  omap: {type: iommu, format: omap-iommu}
  v7s: {type: iommu, format: arm-v7s}
  vtd: {type: iommu, format: intel-vtd}
  x86: {type: iommu, format: x86-64}
END
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

mkdir vcms/out
for device in msm omap v7s vtd x86; do ln -s devices/$device vcms/out/devices/$device; done
echo 1 >vcms/out/active
echo "19M align=16M at=16M name=large" >vcms/out/reserve
echo "1M align=4K at=0x10001000 name=odd" >vcms/out/reserve
echo "64K align=64K at=0x20010000 name=page64" >vcms/out/reserve
echo "4K at=0xfffff000 name=last" >vcms/out/reserve
echo "4K at=0 name=first" >vcms/out/reserve
for size in 19M 1M 64K 4K; do echo "$size name=p$size" >phys/alloc; done
echo "4K name=q4K" >phys/alloc
ln -s phys/p19M vcms/out/reservations/large/backing
ln -s phys/p1M vcms/out/reservations/odd/backing
ln -s phys/p64K vcms/out/reservations/page64/backing
ln -s phys/p4K vcms/out/reservations/last/backing
ln -s phys/q4K vcms/out/reservations/first/backing

# What should be there: one "device-address physical-address" line for each 4 KiB page.
expected() {
  for reservation in vcms/out/reservations/*/; do
    [ -L "$reservation/backing" ] || continue
    address=$(cat "$reservation/addr")
    awk -v address="$((address))" '{ print address, $1, $2; address += $2 }' "$reservation/backing/chunks"
  done
}
check() {
  expected >"$W/expected"
  for device in msm omap v7s vtd x86; do
    works python3 "$VCMFS_REPO/Tests/MountTests/walk.py" "$(cat devices/$device/format)" \
      vcms/out/associations/$device/root memory/physical 0 "$W/expected"
  done
}
check
# Take something away, and again.
rm vcms/out/reservations/odd/backing
check
rm vcms/out/reservations/large/backing vcms/out/reservations/last/backing
check
rm vcms/out/reservations/page64/backing vcms/out/reservations/first/backing
check
# The tables that were needed for them are gone: what remains is the five roots.
for device in msm omap v7s vtd x86; do is 0 sh -c "grep -vc '^#' vcms/out/associations/$device/pagetable || true"; done
