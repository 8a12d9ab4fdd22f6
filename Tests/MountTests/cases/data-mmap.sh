# data and memory/physical can be mapped shared: a store is seen by a read of the other files.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "1M name=r" >vcms/out/reserve
echo "1M contiguous name=buffer" >phys/alloc
ln -s phys/buffer vcms/out/reservations/r/backing
where=$(($(awk 'NR == 1 { print $1 }' phys/buffer/chunks)))

works "$TRY" mmap-write vcms/out/reservations/r/data 70000 'through the map'
is 'through the map' dd if=phys/buffer/data bs=15 count=1 skip=70000 iflag=skip_bytes status=none
is 'through the map' dd if=memory/physical bs=15 count=1 skip=$((where + 70000)) iflag=skip_bytes status=none
is 'through the map' "$TRY" mmap-read vcms/out/reservations/r/data 70000 15
is 'through the map' "$TRY" mmap-read phys/buffer/data 70000 15
is 'through the map' "$TRY" mmap-read memory/physical $((where + 70000)) 15
works "$TRY" mmap-write memory/physical $((where + 4096)) physical
is physical dd if=vcms/out/reservations/r/data bs=8 count=1 skip=4096 iflag=skip_bytes status=none

# A page that is mapped and read first, then written by another way, then read again through a new map.
is "$(printf 'physical')" "$TRY" mmap-read vcms/out/reservations/r/data 4096 8
printf PHYSICAL | dd of=phys/buffer/data bs=8 seek=4096 oflag=seek_bytes conv=notrunc status=none
is PHYSICAL "$TRY" mmap-read vcms/out/reservations/r/data 4096 8
