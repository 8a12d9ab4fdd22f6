# Attributes of a backed reservation can be changed: the leaves are rewritten, and nothing else is.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
echo "1M at=0x100000 name=r" >vcms/out/reserve
echo "64K at=0x400000 name=s" >vcms/out/reserve
echo "1M name=x" >phys/alloc
echo "64K name=y" >phys/alloc
ln -s phys/x vcms/out/reservations/r/backing
ln -s phys/y vcms/out/reservations/s/backing
table=vcms/out/associations/video_dec/pagetable
cp $table "$W/before"
echo "prot=r cache=wt" >vcms/out/reservations/r/attr
cp $table "$W/after"
same "awk '{ print \$1, \$2, \$3, \$5, \$6, \$7 }' '$W/before'" "awk '{ print \$1, \$2, \$3, \$5, \$6, \$7 }' '$W/after'"
# Only lines of r differ.
is '' sh -c "diff '$W/before' '$W/after' | grep '^[<>]' | awk '\$6 !~ /^0x0*100000\$/'"
[ -n "$(diff "$W/before" "$W/after")" ] || fail "the entries are the same after the change"
echo "prot=rw cache=none" >vcms/out/reservations/r/attr
works cmp $table "$W/before"
