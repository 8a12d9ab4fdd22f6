# Another process writes into a table: what would have to change that entry is EIO and changes nothing; the dump shows it.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
echo "8K at=0x100000 name=r" >vcms/out/reserve
echo "8K blocks=4K name=buffer" >phys/alloc
ln -s phys/buffer vcms/out/reservations/r/backing
table=vcms/out/associations/video_dec/pagetable
entry=$(awk '$1 == "L2" { place = $3 } END { print place }' $table)
dd if=memory/physical of="$W/entry" bs=1 skip="$((entry))" count=4 status=none
is 2 grep -c '^L2' $table
printf '\000\000\000\000' | dd of=memory/physical bs=1 seek="$((entry))" conv=notrunc status=none
is 1 grep -c '^L2' $table
has '^fault L2 entry not present$' cat devices/video_dec/translate/0x101000

put_fails EIO vcms/out/reservations/r/attr "prot=r"
says "EIO: .*$entry" vcms/out/reservations/r
assert_reads vcms/out/reservations/r/attr 'prot=rw cache=none user'
has 'prot=rw' grep '^L2' $table
# As it was, it can change again.
dd if="$W/entry" of=memory/physical bs=1 seek="$((entry))" conv=notrunc status=none
is 2 grep -c '^L2' $table
put vcms/out/reservations/r/attr "prot=r"
is 2 grep -c '^L2.*prot=r ' $table
# Whatever lies in a table, unback takes the mapping away.
printf '\377\377\377\377' | dd of=memory/physical bs=1 seek="$((entry))" conv=notrunc status=none
rm vcms/out/reservations/r/backing
is 0 sh -c "grep -c '^L' $table || true"
assert_reads memory/tables/free $((67108864 - 16384))
