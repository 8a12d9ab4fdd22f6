# back: ENOMEM without memory for tables, ERANGE for a physical address that a format cannot hold, ENOENT and EINVAL for the
# target; each leaves everything as it was. An unbacked reservation has no link, and nothing to take away.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
cat >"$W/platform.yaml" <<'END'
name: narrow
memory:
  mt0: {base: 0x80000000, size: 16M}
  tables: {base: 0x90000000, size: 32K, tables: true}
devices:
  one: {type: iommu, format: msm-smmu}
  two: {type: iommu, format: intel-vtd}
END
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

mkdir vcms/out
ln -s devices/one vcms/out/devices/one
echo 1 >vcms/out/active
echo "4K name=page" >phys/alloc
echo "4K at=0x100000000 name=high" >phys/alloc
# 16K are left for second-level tables of 1K, one a megabyte of device addresses.
number=0
while [ "$number" -lt 17 ]; do
  echo "4K at=$((number * 1048576)) name=r$number" >vcms/out/reserve
  number=$((number + 1))
done
back() { "$TRY" symlink "phys/$1" "vcms/out/reservations/$2/backing"; }
number=0
while [ "$number" -lt 16 ]; do
  back page "r$number"
  number=$((number + 1))
done
assert_reads memory/tables/free 0
nothing_changes assert_fails_with symlink:ENOMEM "$TRY" symlink phys/page vcms/out/reservations/r16/backing
says ENOMEM vcms/out/reservations/r16
assert_fails_with readlink:ENOENT "$TRY" readlink vcms/out/reservations/r16/backing
assert_fails_with unlink:ENOENT "$TRY" unlink vcms/out/reservations/r16/backing
# In a megabyte that has its table there is room.
echo "4K at=0x1000 name=beside" >vcms/out/reserve
back page beside
rm vcms/out/reservations/r0/backing vcms/out/reservations/beside/backing
back page r16

nothing_changes assert_fails_with symlink:ERANGE "$TRY" symlink phys/high vcms/out/reservations/beside/backing
says 'ERANGE: .*0x100000000.*32' vcms/out/reservations/beside
nothing_changes assert_fails_with symlink:ENOENT "$TRY" symlink phys/none vcms/out/reservations/beside/backing
nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink devices/one vcms/out/reservations/beside/backing
nothing_changes assert_fails_with symlink:ENOENT "$TRY" symlink phys/page vcms/out/reservations/none/backing
