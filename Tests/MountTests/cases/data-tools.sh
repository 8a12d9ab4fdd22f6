# cp, dd with skip and seek, cat, cmp, head, tail, xxd and tar work on data.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need xxd tar cmp
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "3M name=r" >vcms/out/reserve
echo "3M name=s" >vcms/out/reserve
echo "3M name=x" >phys/alloc
echo "3M name=y" >phys/alloc
ln -s phys/x vcms/out/reservations/r/backing
ln -s phys/y vcms/out/reservations/s/backing
r=vcms/out/reservations/r/data
s=vcms/out/reservations/s/data
seq 1 1000000 | head -c 3145728 >"$W/file"

# In and out.
cp "$W/file" $r
works cmp "$W/file" $r
works cmp "$W/file" phys/x/data
cp $r "$W/out"
works cmp "$W/file" "$W/out"
cat $r >"$W/out"
works cmp "$W/file" "$W/out"
# From one reservation to another.
cp $r $s
works cmp $r $s
works cmp phys/x/data phys/y/data
# dd with every block size, in the middle.
for size in 1 7 512 4096 65536 1048576; do
  same "dd if=$r bs=$size skip=1 count=2 status=none | md5sum" "dd if=$W/file bs=$size skip=1 count=2 status=none | md5sum"
done
printf 'in the middle' | dd of=$r bs=1 seek=1234567 conv=notrunc status=none
printf 'in the middle' | dd of="$W/file" bs=1 seek=1234567 conv=notrunc status=none
works cmp "$W/file" $r
same "head -c 100000 $r | md5sum" "head -c 100000 $W/file | md5sum"
same "tail -c 100000 $r | md5sum" "tail -c 100000 $W/file | md5sum"
same "xxd -s 5000 -l 64 $r" "xxd -s 5000 -l 64 $W/file"
same "grep -c 99999 $r" "grep -c 99999 $W/file"
tar -cf "$W/r.tar" -C vcms/out/reservations r/data
same "tar -xOf $W/r.tar r/data | md5sum" "md5sum <$r"
