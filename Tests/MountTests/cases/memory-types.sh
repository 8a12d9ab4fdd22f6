# memory/<memtype>: base, size, free, largest_free, chunk sizes with their counts, policy; read-only.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

is "mt0${NL}mt1${NL}physical${NL}tables" ls memory
assert_reads memory/mt0/base 0x80000000
assert_reads memory/mt0/size 268435456
assert_reads memory/mt0/free 268435456
assert_reads memory/mt0/largest_free 268435456
assert_reads memory/mt1/base 0x90000000
assert_reads memory/tables/base 0x94000000
assert_reads memory/tables/size 67108864
for file in base size free largest_free; do
  if quiet "$TRY" write "memory/mt0/$file" "1$NL"; then fail "memory/mt0/$file was written"; fi
done
if quiet "$TRY" mkdir memory/mt9; then fail "a memory type was made"; fi
if quiet "$TRY" rmdir memory/mt0; then fail "a memory type was removed"; fi
