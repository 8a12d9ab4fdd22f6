# 64 GiB mapped into intel-vtd: the pages are as large as both addresses allow, and the daemon grows with the tables.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
cat >"$W/platform.yaml" <<'END_OF_PLATFORM'
name: sparse
memory:
  ram:    {base: 0, size: 128G, chunks: [1G, 2M, 4K]}
  tables: {base: 0x4000000000, size: 256M, tables: true}
devices:
  gpu: {type: iommu, format: intel-vtd}
END_OF_PLATFORM
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

resident() { awk '/^VmRSS/ { print $2 }' "/proc/$daemon/status"; }

mkdir vcms/out
echo 1T >vcms/out/len
ln -s devices/gpu vcms/out/devices/gpu
echo 1 >vcms/out/active
none=$(cat memory/tables/free)
before=$(resident)

# leaves AT BUFFER L3 L2 L1 TABLES: so many leaves of 1G, 2M and 4K and no others, in so many tables below the root's.
leaves() {
  echo "64G at=$1 name=r" >vcms/out/reserve
  ln -s "phys/$2" vcms/out/reservations/r/backing
  cat vcms/out/associations/gpu/pagetable >"$W/dump"
  counted=$(awk '
    /^#/ || $8 == "table" { next }
    { count[$1 " " $6]++; all++ }
    END { print count["L3 1073741824"] + 0, count["L2 2097152"] + 0, count["L1 4096"] + 0, all }
  ' "$W/dump")
  assert_eq "$3 $4 $5 $(($3 + $4 + $5))" "$counted" "leaves at $1"
  assert_eq "$(($3 + $4 + $5 + $6))" "$(grep -c '^L' "$W/dump")" "lines at $1"
  used=$((none - $(cat memory/tables/free)))
  assert_eq "$(($6 * 4096))" "$used" "bytes of tables at $1"
  grown=$(($(resident) - before))
  # Beside the tables malloc keeps what the pieces of the dumps were in, as much as any dump takes.
  [ "$grown" -le $((4 * used / 1024 + 4096)) ] || fail "at $1: $((used / 1024)) kB of tables, and $grown kB of growth"
  rm vcms/out/reservations/r/backing
  rmdir vcms/out/reservations/r
  assert_reads memory/tables/free "$none"
}

echo "64G at=0 name=even" >phys/alloc
leaves 0x40000000 even 64 0 0 1
leaves 0x40200000 even 0 32768 0 66
rmdir phys/even
# The same distance from a gigabyte on both sides: large pages between small ends.
echo "64G at=0x200000 name=odd" >phys/alloc
leaves 0x40200000 odd 63 512 0 3
rmdir phys/odd
echo "64G at=0x1000 name=ragged" >phys/alloc
leaves 0x40001000 ragged 63 511 512 5
rmdir phys/ragged
[ "$(du -k memory/physical | cut -f 1)" -le 1024 ] || fail "nothing was written, and it takes $(du -k memory/physical)"
unmount_vcmfs
