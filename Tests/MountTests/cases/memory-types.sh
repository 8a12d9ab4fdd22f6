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
# vcm_get_cont_memtype_pa, _len: of every memory type, not only the first, and the lowest of the longest ranges.
assert_reads memory/mt0/contiguous '0x80000000 268435456'
assert_reads memory/mt1/contiguous '0x90000000 67108864'
echo "4K memtype=mt1 name=page" >phys/alloc
assert_reads memory/mt1/contiguous '0x90001000 67104768'
assert_reads memory/mt1/largest_free 67104768
echo "67104768 memtype=mt1 contiguous name=rest" >phys/alloc
assert_reads memory/mt1/contiguous ''
rmdir phys/page
assert_reads memory/mt1/contiguous '0x90000000 4096'
rmdir phys/rest
assert_reads memory/mt0/contiguous '0x80000000 268435456'
for file in base size free largest_free contiguous; do
  if quiet "$TRY" write "memory/mt0/$file" "1$NL"; then fail "memory/mt0/$file was written"; fi
done
if quiet "$TRY" mkdir memory/mt9; then fail "a memory type was made"; fi
if quiet "$TRY" rmdir memory/mt0; then fail "a memory type was removed"; fi
