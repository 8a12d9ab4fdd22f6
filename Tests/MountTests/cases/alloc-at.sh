# phys/alloc at= wraps an existing range: of a pool, of another buffer, or outside all memory.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

# Free memory of a pool is taken.
echo "1M at=0x88000000 name=carve" >phys/alloc
assert_reads memory/mt0/free $((268435456 - 1048576))
is '0x88000000 1048576' cat phys/carve/chunks
# Where another buffer lies, the two share the bytes, and the wrapped one is pinned.
echo "64K at=0x88000000 name=view" >phys/alloc
assert_reads memory/mt0/free $((268435456 - 1048576))
printf shared >phys/view/data
is shared head -c 6 phys/carve/data
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir phys/carve
says view
rmdir phys/view
rmdir phys/carve
assert_reads memory/mt0/free 268435456

# Registers of a device: no bytes behind them, but they can be mapped.
echo "64K at=0x10000000 name=mmio" >phys/alloc
is '0x10000000 65536' cat phys/mmio/chunks
mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
ln -s phys/mmio vcms/out/reservations/r/backing
has ' 0x0*10000000 ' cat vcms/out/associations/video_dec/pagetable
if quiet dd if=vcms/out/reservations/r/data bs=4 count=1; then
  is '' dd if=vcms/out/reservations/r/data bs=4 count=1 status=none
fi
