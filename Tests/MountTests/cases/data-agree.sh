# What is written through a reservation is read through its buffer and through memory/physical, and the other way round.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "256K name=r" >vcms/out/reserve
# Four chunks that are not in order: take every block of a row, free them crosswise, allocate again.
for i in 0 1 2 3 4 5 6 7; do echo "64K blocks=64K name=p$i" >phys/alloc; done
rmdir phys/p1 phys/p3 phys/p5
echo "256K blocks=64K name=buffer" >phys/alloc
[ "$(wc -l <phys/buffer/chunks)" -ge 3 ] || fail "the buffer is not scattered: $(cat phys/buffer/chunks)"
ln -s phys/buffer vcms/out/reservations/r/backing
data=vcms/out/reservations/r/data

# Every 4 KiB page says its own number, written through the reservation.
page=0
while [ "$page" -lt 64 ]; do
  printf 'page %02d' "$page" | dd of=$data bs=7 seek=$((page * 4096)) oflag=seek_bytes conv=notrunc status=none
  page=$((page + 1))
done
cmp $data phys/buffer/data || fail "reservation and buffer differ"
# memory/physical has it at each chunk's address.
page=0
while read -r address length; do
  bytes=0
  while [ "$bytes" -lt "$length" ]; do
    is "$(printf 'page %02d' "$page")" dd if=memory/physical bs=7 count=1 skip="$((address + bytes))" \
      iflag=skip_bytes status=none
    bytes=$((bytes + 4096))
    page=$((page + 1))
  done
done <phys/buffer/chunks
assert_eq 64 "$page" 'pages found'

# The other way round, across a chunk's border.
second=$(awk 'NR == 2 { print $1 }' phys/buffer/chunks)
printf PHYSICAL | dd of=memory/physical bs=8 seek="$((second))" oflag=seek_bytes conv=notrunc status=none
border=$(awk 'NR == 1 { print $2 }' phys/buffer/chunks)
is PHYSICAL dd if=$data bs=8 count=1 skip="$border" iflag=skip_bytes status=none
printf 'over the border' | dd of=$data bs=15 seek="$((border - 8))" oflag=seek_bytes conv=notrunc status=none
is 'over the border' dd if=phys/buffer/data bs=15 count=1 skip="$((border - 8))" iflag=skip_bytes status=none
