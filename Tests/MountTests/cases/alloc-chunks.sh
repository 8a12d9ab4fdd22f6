# chunks= in phys/alloc: a buffer of exactly these chunks, if they are free.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"
put phys/alloc "192K chunks=0x80100000:64K:2,0x80000000:65536 name=exact"
assert_reads phys/exact/chunks "0x80100000 65536${NL}0x80110000 65536${NL}0x80000000 65536"
assert_reads phys/exact/len 196608
assert_reads memory/mt0/free $(((256 << 20) - (192 << 10)))
# What others take leaves them alone, and the other way round.
echo "64K name=next" >phys/alloc
assert_reads phys/next/chunks "0x80010000 65536"
nothing_changes put_fails EBUSY phys/alloc "64K chunks=0x80110000:64K"
says '0x80110000.*mt0.*free'
nothing_changes put_fails EBUSY phys/alloc "128K chunks=0x80400000:64K,0x80010000:64K"
nothing_changes put_fails EBUSY phys/alloc "128K chunks=0x80400000:64K,0x80400000:64K"
for bad in "64K chunks=0x80400000:32K" "64K chunks=0x80400001:64K" "64K chunks=0x80400000:1K:64" \
  "64K chunks=0x70000000:64K" "64K chunks=0x90000000:64K" "64K chunks=0x80400000" "64K chunks=0x80400000:64K:1:1" \
  "64K chunks=0x80400000:64K:0" "64K chunks=,0x80400000:64K" "64K chunks=x:64K" \
  "64K chunks=0x8fff0000:64K:0x1000000000000" "64K chunks=0xfffffffffffff000:64K" \
  "64K at=0x80400000 chunks=0x80400000:64K" "128K contiguous chunks=0x80400000:64K,0x80800000:64K" \
  "64K align=1M contiguous chunks=0x80410000:64K"; do
  nothing_changes put_fails EINVAL phys/alloc "$bad"
done
put phys/alloc "64K memtype=mt1 chunks=0x90000000:64K name=other"
put phys/alloc "128K contiguous chunks=0x80400000:64K:2 name=together"
rmdir phys/exact phys/next phys/other phys/together
assert_reads memory/mt0/free 268435456
assert_reads memory/mt1/free 67108864
