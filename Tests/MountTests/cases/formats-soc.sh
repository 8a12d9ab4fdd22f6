# The IOMMUs of SoCs: each writes its own entries for one region, says its registers, and stops what is read-only.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
cat >"$W/platform.yaml" <<'END'
name: socs
memory:
  low: {base: 0x0, size: 1M}
  ram: {base: 0x20000000, size: 64M}
  tables: {base: 0x24000000, size: 16M, tables: true}
devices:
  m1: {type: iommu, format: apple-dart}
  m1-4k: {type: iommu, format: apple-dart, granule: 4K}
  m1-pro: {type: iommu, format: apple-dart-t6000}
  m2-pro: {type: iommu, format: apple-dart-t6000, levels: 3}
  rk3399: {type: iommu, format: rockchip-v1}
  rk3588: {type: iommu, format: rockchip-v2}
  exynos4: {type: iommu, format: exynos-v1}
  exynos7: {type: iommu, format: exynos-v5}
  h6: {type: iommu, format: sun50i}
  tegra30: {type: iommu, format: tegra-smmu, requester: 3}
  tegra20: {type: iommu, format: tegra-gart}
  sc9863a: {type: iommu, format: sprd, window: {base: 0x58000000, size: 1M}}
  mt8173: {type: iommu, format: mediatek-v7s}
  mt8188: {type: iommu, format: mediatek-v7s, window: {base: 0, size: 16G}}
END
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

# The raw entry of a device's first page with an access, which leads to an address.
entry() {
  awk -v access="prot=$2" '$9 == access { print $4, $7; exit }' vcms/*/associations/"$1"/pagetable | {
    read -r raw output
    assert_eq "$(($3))" "$((output))" "$1"
    echo "$raw"
  }
}

# One region for all that know permissions.
mkdir vcms/v
put vcms/v/start 0x10000000
put vcms/v/len 1M
put vcms/v/reserve "64K name=rw at=0x10000000"
put vcms/v/reserve "64K name=ro at=0x10010000 prot=r"
put phys/alloc "64K name=a at=0x20000000"
put phys/alloc "64K name=b at=0x20010000"
for device in m1 m1-4k m1-pro m2-pro rk3399 rk3588 exynos4 exynos7 h6 tegra30; do
  ln -s "devices/$device" "vcms/v/devices/$device"
done
put vcms/v/active 1
ln -s phys/a vcms/v/reservations/rw/backing
ln -s phys/b vcms/v/reservations/ro/backing

# Devices that permit everything are refused beside a read-only reservation.
for device in mt8173 mt8188; do
  nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink "devices/$device" "vcms/v/devices/$device"
  says 'format mediatek-v7s cannot express read-only access$'
done

# device, entry of the first page, entry of the first read-only page, a register.
while read -r device rw ro register; do
  is "$rw" entry "$device" rwx 0x20000000
  is "$ro" entry "$device" rx 0x20010000
  has "^$register\$" cat "vcms/v/associations/$device/root"
  has '^phys 0x20000123 .*prot=rwx' tail -n 1 "devices/$device/translate/0x10000123"
  has '^phys 0x20010123 .*prot=rx( |$)' tail -n 1 "devices/$device/translate/0x10010123"
  # Read-only is read-only for the device, too.
  printf 'x%s' "$device" >"$W/text"
  works dd if="$W/text" of="devices/$device/memory" bs=64 seek=$((0x10000000 / 64)) conv=notrunc status=none
  is "x$device" sh -c "head -c $(wc -c <"$W/text") vcms/v/reservations/rw/data"
  assert_fails_with EFAULT dd if="$W/text" of="devices/$device/memory" bs=64 seek=$((0x10010000 / 64)) \
    conv=notrunc status=none
  says 'for write: access not permitted$'
done <<'END'
m1 0x000fff0020000003 0x000fff0020010083 tcr=0x80
m1-4k 0x000fff0020000003 0x000fff0020010083 ttbr3=0x8002400[0-9a-f]
m1-pro 0x000fff0002000003 0x000fff0002001007 tcr=0x80
m2-pro 0x000fff0002000003 0x000fff0002001007 t8110_tcr=0x9
rk3399 0x2000000f 0x2001000b dte_addr=0x240[0-9a-f]{2}000
rk3588 0x20000007 0x20010003 dte_addr=0x240[0-9a-f]{2}001
exynos4 0x20000011 0x20010211 mmu_cfg=0x785
exynos7 0x0200000d 0x02001005 pt_base=0x240[0-9a-f]{2}
h6 0x20000042 0x20010022 dm_aut_ctrl1=0x5550aaa
tegra30 0xe0020000 0xa0020010 ptb_asid=0x3
END

# A page of the aperture; outside of it there is nothing.
mkdir vcms/g
nothing_changes assert_fails_with symlink:ERANGE "$TRY" symlink devices/tegra20 vcms/g/devices/tegra20
says "tegra-gart of device 'tegra20': device address"
put vcms/g/start 0x58000000
put vcms/g/len 1M
for device in tegra20 sc9863a mt8173 mt8188; do ln -s "devices/$device" "vcms/g/devices/$device"; done
nothing_changes put_fails EINVAL vcms/g/reserve "64K prot=r"
says 'cannot express read-only access$'
put vcms/g/reserve "64K name=x at=0x58010000"
put vcms/g/active 1
# The entry of page 0 is the one that says nothing.
put phys/alloc "64K name=zero at=0x0"
nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink phys/zero vcms/g/reservations/x/backing
says 'sprd cannot express the physical address 0x0$'
ln -s phys/a vcms/g/reservations/x/backing
while read -r device raw; do
  is "$raw" entry "$device" rwx 0x20000000
  has '^phys 0x20000123 ' tail -n 1 "devices/$device/translate/0x58010123"
done <<'END'
tegra20 0xa0000000
sc9863a 0x00020000
mt8173 0x20001c01
mt8188 0x20001c01
END
has '^entries=16384$' cat vcms/g/associations/mt8188/root
has '^vpn_range=0xff$' cat vcms/g/associations/sc9863a/root
