# What a format cannot express is refused by name when it is asked for, before anything is built.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
cat >"$W/platform.yaml" <<'END'
name: formats
memory:
  mt0: {base: 0x80000000, size: 64M}
  tables: {base: 0x90000000, size: 16M, tables: true}
devices:
  vtd: {type: iommu, format: intel-vtd}
  omap: {type: iommu, format: omap-iommu}
  v7: {type: iommu, format: arm-v7s}
END
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

# 32-bit device addresses: a region that reaches further is ERANGE, at association and later.
mkdir vcms/wide
echo 8G >vcms/wide/len
nothing_changes assert_fails_with symlink:ERANGE "$TRY" symlink devices/omap vcms/wide/devices/omap
says omap-iommu
ln -s devices/vtd vcms/wide/devices/vtd

# omap-iommu has no permission bits: read-only is refused, not widened.
mkdir vcms/out
echo "64K name=r prot=r" >vcms/out/reserve
nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink devices/omap vcms/out/devices/omap
says omap-iommu
ln -s devices/v7 vcms/out/devices/v7
# arm-v7s has: but not write-only.
nothing_changes put_fails EINVAL vcms/out/reserve "4K prot=w"
says arm-v7s
nothing_changes put_fails EINVAL vcms/out/reservations/r/attr "prot=w"
says arm-v7s
rmdir vcms/out/reservations/r
ln -s devices/omap vcms/out/devices/omap
nothing_changes put_fails EINVAL vcms/out/reserve "4K prot=r"
says omap-iommu
# intel-vtd has neither execute-only nor supervisor.
nothing_changes put_fails EINVAL vcms/wide/reserve "4K supervisor"
says intel-vtd
put vcms/wide/reserve "4K prot=w name=w"
put vcms/wide/reserve "4K prot=r name=r"
