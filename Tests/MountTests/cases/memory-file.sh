# --memory FILE: the buffers and tables of the mount are that file's bytes, and stay when it is unmounted.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
truncate -s 1M "$W/memory"
printf 'kept' | dd of="$W/memory" bs=4 seek=65536 oflag=seek_bytes conv=notrunc status=none
mount_vcmfs --memory "$W/memory"
cd "$M"

is 402653184 stat -c %s "$W/memory"
is kept dd if=memory/physical bs=4 count=1 skip=$((0x80010000)) iflag=skip_bytes status=none
echo "64K at=0x80100000 name=buffer" >phys/alloc
printf 'from the mount' >phys/buffer/data
is 'from the mount' dd if="$W/memory" bs=14 count=1 skip=$((0x100000)) iflag=skip_bytes status=none
printf 'FROM' | dd of="$W/memory" bs=4 seek=$((0x100000)) oflag=seek_bytes conv=notrunc status=none
is 'FROM the mount' head -c 14 phys/buffer/data

# A page table too.
mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
ln -s phys/buffer vcms/out/reservations/r/backing
root=$(sed -n 's/^table=//p' vcms/out/associations/video_dec/root)
is 1 sh -c "dd if='$W/memory' bs=4 count=1 skip=$((root - 0x80000000)) iflag=skip_bytes status=none |
  od -An -tu4 | awk '{ print \$1 % 4 }'"
unmount_vcmfs
is 'FROM the mount' dd if="$W/memory" bs=14 count=1 skip=$((0x100000)) iflag=skip_bytes status=none
