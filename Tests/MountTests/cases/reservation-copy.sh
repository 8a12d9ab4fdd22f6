# vcm_res_copy: copy_file_range(2), which cp uses, between the data of reservations and buffers: how many bytes, and where
# it ends.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need cmp
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/in
echo "3M name=r" >vcms/out/reserve
echo "2M name=s" >vcms/in/reserve
echo "64K name=empty" >vcms/in/reserve
# Scattered, and in other pieces than each other.
echo "3M blocks=64K,4K name=x" >phys/alloc
echo "2M blocks=4K name=y" >phys/alloc
ln -s phys/x vcms/out/reservations/r/backing
ln -s phys/y vcms/in/reservations/s/backing
r=vcms/out/reservations/r/data
s=vcms/in/reservations/s/data
seq 1 1000000 | head -c 3145728 >"$W/r"
cp "$W/r" $r

# From the middle of one to the middle of the other; both regions' views, and the buffers, agree.
is 100000 "$TRY" copy-range $r 5 $s 77 100000
works cmp -n 100000 -i 5:77 "$W/r" $s
works cmp -n 100000 -i 5:77 "$W/r" phys/y/data
is "$(printf '%077d' 0 | tr 0 '\0' | od -An -tx1)" sh -c "head -c 77 $s | od -An -tx1"
# To the end of either, and not further: fewer bytes, 0 behind the source, ENOSPC behind the target.
is 100 "$TRY" copy-range $r 3145628 $s 0 5000
is 100 "$TRY" copy-range $r 0 $s 2097052 5000
is 0 "$TRY" copy-range $r 3145728 $s 0 5000
assert_fails_with copy_file_range:ENOSPC "$TRY" copy-range $r 0 $s 2097152 5000
# Nothing is behind it: nothing to copy, and nowhere to copy to.
is 0 "$TRY" copy-range vcms/in/reservations/empty/data 0 $s 0 10
assert_fails_with copy_file_range:ENXIO "$TRY" copy-range $r 0 vcms/in/reservations/empty/data 0 10
says ENXIO vcms/in/reservations/empty

# Within one buffer, seen through two reservations: as memmove, not as memcpy.
echo "3M name=again" >vcms/in/reserve
ln -s phys/x vcms/in/reservations/again/backing
is 200000 "$TRY" copy-range $r 0 vcms/in/reservations/again/data 5000 200000
works cmp -n 5000 "$W/r" $r
seq 1 1000000 | head -c 200000 >"$W/piece"
works cmp -n 200000 -i 0:5000 "$W/piece" $r

# cp of all of it, and a text is copied too.
cp $s "$W/s"
is 0 sh -c "dd if=/dev/zero of=$s bs=1M count=2 conv=notrunc status=none; echo \$?"
cp "$W/s" $s
works cmp "$W/s" $s
echo "prot=r cache=wt" >vcms/out/reservations/r/attr
cp vcms/out/reservations/r/attr vcms/in/reservations/s/attr
assert_reads vcms/in/reservations/s/attr 'prot=r cache=wt user'
