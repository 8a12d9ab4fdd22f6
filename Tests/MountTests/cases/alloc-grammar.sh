# phys/alloc: every key: name, memtype, blocks, contiguous, align, at.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

first() { awk -v field="$2" 'NR == 1 { print $field }' "phys/$1/chunks"; }
total() { awk '{ sum += $2 } END { printf "%d\n", sum }' "phys/$1/chunks"; }

echo "64K name=plain" >phys/alloc
assert_reads phys/plain/len 65536
assert_reads phys/plain/memtype mt0
is 65536 total plain
has '^0x[0-9a-f]+ [0-9]+$' cat phys/plain/chunks

echo "64K memtype=mt1 name=one" >phys/alloc
assert_reads phys/one/memtype mt1
is 0x90000000 first one 1

echo "128K blocks=64K name=blocks" >phys/alloc
is 131072 total blocks
is 0 sh -c "awk '(\$2 % 65536) { bad++ } END { print bad + 0 }' phys/blocks/chunks"

echo "4M contiguous name=run" >phys/alloc
is 1 sh -c 'wc -l <phys/run/chunks'
is 4194304 first run 2

echo "64K align=1M name=aligned" >phys/alloc
is 0 sh -c "echo \$(($(first aligned 1) % 1048576))"

# Blocks from large to small: 1M + 64K + 4K needs one of each.
echo "1092K blocks=1M,64K,4K name=mixed" >phys/alloc
is 1118208 total mixed

# Prioritised pools: what does not fit in the first comes from the next.
echo "60M memtype=tables name=most" >phys/alloc
echo "16M memtype=tables,mt0 blocks=1M name=both" >phys/alloc
is 16777216 total both
has '^0x9' cat phys/both/chunks
has '^0x8' cat phys/both/chunks

# At a place of its own.
echo "64K at=0x8f000000 name=placed" >phys/alloc
is '0x8f000000 65536' cat phys/placed/chunks
for buffer in plain one blocks run aligned mixed most both placed; do rmdir "phys/$buffer"; done
assert_reads memory/mt0/free 268435456
assert_reads memory/mt1/free 67108864
