# memory/physical: mode 0600, sparse, offsets are physical addresses.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

is 600 stat -c %a memory/physical
is $((0x98000000)) stat -c %s memory/physical
# Nothing written yet: no host memory but for tables.
[ "$(du -k memory/physical | cut -f 1)" -lt 1024 ] || fail "untouched memory takes $(du -k memory/physical)"
# What no buffer owns can be read and written as well: it is the memory.
printf raw | dd of=memory/physical bs=3 seek=$((0x81000000)) oflag=seek_bytes conv=notrunc status=none
is raw dd if=memory/physical bs=3 count=1 skip=$((0x81000000)) iflag=skip_bytes status=none
echo "64K at=0x81000000 name=there" >phys/alloc
is raw head -c 3 phys/there/data
