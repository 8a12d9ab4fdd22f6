# Freed memory reads as zeros when it is allocated anew, and is given back to the system.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need du
mount_vcmfs
cd "$M"

echo "1M name=a" >phys/alloc
where=$(awk 'NR == 1 { print $1 }' phys/a/chunks)
yes secret | head -c 1048576 | dd of=phys/a/data bs=1M iflag=fullblock status=none
is secret head -c 6 phys/a/data
before=$(du -B1 memory/physical | cut -f 1)
rmdir phys/a
after=$(du -B1 memory/physical | cut -f 1)
[ "$((before - after))" -eq 1048576 ] || fail "physical memory kept $((after - before + 1048576)) bytes of the buffer"

echo "1M name=b" >phys/alloc
is "$where" sh -c "awk 'NR == 1 { print \$1 }' phys/b/chunks"
is '' sh -c 'tr -d "\000" <phys/b/data | head -c 100'
is 1048576 sh -c 'wc -c <phys/b/data'
