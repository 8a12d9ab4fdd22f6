# aliases: physical memory that reservations map with cache policies or security that conflict, and nothing else.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/one vcms/two
echo "64K name=a" >vcms/one/reserve
echo "64K name=b" >vcms/two/reserve
echo "64K at=0x80100000 name=buffer" >phys/alloc
ln -s phys/buffer vcms/one/reservations/a/backing
ln -s phys/buffer vcms/two/reservations/b/backing
# The same attributes, or other permissions: no conflict.
assert_reads aliases ''
echo "prot=r" >vcms/two/reservations/b/attr
assert_reads aliases ''
echo "prot=r cache=wb-wa" >vcms/two/reservations/b/attr
is '0x80100000 65536 vcms/one/reservations/a cache=none vcms/two/reservations/b cache=wb-wa' cat aliases
mv vcms/two vcms/zwei
has 'vcms/zwei/reservations/b' cat aliases
echo "cache=wb-wa" >vcms/one/reservations/a/attr
assert_reads aliases ''
echo "cache=wb-wa secure" >vcms/one/reservations/a/attr
has 'secure' cat aliases
# A buffer that wraps a part of another's memory: only the part that both map.
echo "cache=wb-wa" >vcms/one/reservations/a/attr
rm vcms/zwei/reservations/b/backing
echo "4K at=0x80104000 name=part" >phys/alloc
echo "cache=none" >vcms/zwei/reservations/b/attr
ln -s phys/part vcms/zwei/reservations/b/backing
is '0x80104000 4096 vcms/one/reservations/a cache=wb-wa vcms/zwei/reservations/b cache=none' cat aliases
rm vcms/one/reservations/a/backing
assert_reads aliases ''
