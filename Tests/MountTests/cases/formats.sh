# formats/<format>: what each says of itself, read-only.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

for format in msm-smmu omap-iommu arm-v7s intel-vtd x86-64; do
  assert_exists formats/$format
done
"$VCMFS" formats >"$W/formats"
for format in formats/*; do
  format=${format#formats/}
  has "^$format\b" cat "$W/formats"
  for file in description levels page_sizes input_bits output_bits entry_bytes endianness attributes; do
    has . cat "formats/$format/$file"
  done
  has '^(little|big)$' cat "formats/$format/endianness"
  has '^(4|8)$' cat "formats/$format/entry_bytes"
  has '^[0-9]+( [0-9]+)*$' cat "formats/$format/page_sizes"
  if quiet "$TRY" write "formats/$format/levels" "9$NL"; then fail "formats/$format/levels was written"; fi
  if quiet "$TRY" unlink "formats/$format/none"; then fail "what is not there was removed"; fi
done
assert_reads formats/arm-v7s/page_sizes '4096 65536 1048576 16777216'
assert_reads formats/msm-smmu/page_sizes '4096 65536 1048576 16777216'
assert_reads formats/omap-iommu/page_sizes '4096 65536 1048576 16777216'
assert_reads formats/intel-vtd/page_sizes '4096 2097152 1073741824'
assert_reads formats/x86-64/page_sizes '4096 2097152 1073741824'
assert_reads formats/msm-smmu/entry_bytes 4
assert_reads formats/intel-vtd/entry_bytes 8
assert_reads formats/omap-iommu/input_bits 32
if quiet "$TRY" mkdir formats/mine; then fail "a format was made by mkdir"; fi
if quiet "$TRY" rmdir formats/x86-64; then fail "a format was removed"; fi
