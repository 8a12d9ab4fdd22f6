# activate: ENODEV without a format or a processor, ENOMEM without memory for tables, EINVAL and ERANGE for what is backed
# and does not fit; each leaves everything as it was.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
cat >"$W/platform.yaml" <<'END'
name: narrow
memory:
  mt0: {base: 0x80000000, size: 16M}
  tables: {base: 0x90000000, size: 32K, tables: true}
devices:
  one: {type: iommu, format: msm-smmu}
  two: {type: iommu, format: omap-iommu}
  dma: {type: one-to-one}
END
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

# No format: nothing that a table could be made in.
mkdir vcms/out devices/new
ln -s devices/new vcms/out/devices/new
nothing_changes put_fails ENODEV vcms/out/associations/new/active 1
says "ENODEV: .*'new'" vcms/out/associations/new
nothing_changes put_fails ENODEV vcms/out/active 1
says ENODEV
rm vcms/out/devices/new
# No processor: no kernel or user region.
for type in kernel user; do
  nothing_changes put_fails ENODEV vcms/out/type "$type"
  says 'ENODEV: .*cpu' vcms/out
done

# A table of 16K each: the third has no room; and of three together none is made.
for device in one two; do ln -s devices/$device vcms/out/devices/$device; done
echo 1 >vcms/out/active
mkdir vcms/other
echo msm-smmu >devices/new/format
ln -s devices/new vcms/other/devices/new
nothing_changes put_fails ENOMEM vcms/other/associations/new/active 1
says ENOMEM vcms/other/associations/new
echo 0 >vcms/out/active
assert_reads memory/tables/free 32768
echo x86-64 >devices/new/format 2>/dev/null && fail "the format of an associated device changed"
rm vcms/other/devices/new
ln -s devices/new vcms/out/devices/new
echo "64K memtype=mt0 name=buffer" >phys/alloc
assert_reads vcms/out/active 0
rmdir phys/buffer

# Something is backed that the device cannot see: a physical address above its 32 bits ...
rm vcms/out/devices/new vcms/out/devices/one vcms/out/devices/two
echo "64K at=0x100000000 name=high" >phys/alloc
echo "64K name=r" >vcms/out/reserve
ln -s phys/high vcms/out/reservations/r/backing
ln -s devices/one vcms/out/devices/one
nothing_changes put_fails ERANGE vcms/out/associations/one/active 1
says "ERANGE: .*0x100000000" vcms/out/associations/one
# ... or memory elsewhere than at the reservation's own address, which is refused at association.
nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink devices/dma vcms/out/devices/dma
says EINVAL vcms/out
assert_reads memory/tables/free 32768
