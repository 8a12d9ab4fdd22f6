# reserve: first fit from the lowest address, align= and at= honoured, every spelling of a size.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 0x1000 >vcms/out/start
echo 128M >vcms/out/len
at() { assert_reads "vcms/out/reservations/$1/addr" "$2"; }

echo "4K name=a" >vcms/out/reserve
at a 0x1000
echo "64K align=64K name=b" >vcms/out/reserve
at b 0x10000
# The gap before it is found again.
echo "0x4000 name=c" >vcms/out/reserve
at c 0x2000
echo "16M align=16M name=d" >vcms/out/reserve
at d 0x1000000
echo "8192 at=0x5000000 name=e" >vcms/out/reserve
at e 0x5000000
echo "8KiB at=83894272 name=f" >vcms/out/reserve
at f 0x5002000
echo "1MB name=g" >vcms/out/reserve
at g 0x20000
assert_reads vcms/out/reservations/g/len 1048576
is "a${NL}b${NL}c${NL}d${NL}e${NL}f${NL}g" ls vcms/out/reservations

# Keys in any order, tabs and more than one space between them.
printf '  4K \t name=h   at=0x6000000\tprot=r \n' >vcms/out/reserve
at h 0x6000000
echo "4K at=0x6001000 align=4K name=i" >vcms/out/reserve
at i 0x6001000
# at= that is not on its own align= is refused.
nothing_changes put_fails EINVAL vcms/out/reserve "64K at=0x6010000 align=1M"
