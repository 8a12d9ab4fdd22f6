# A one-to-one region lies inside physical memory, and backs only its own addresses.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/direct
echo 0x80000000 >vcms/direct/start
echo 64M >vcms/direct/len
echo one-to-one >vcms/direct/type
assert_reads vcms/direct/type one-to-one
ln -s devices/dma vcms/direct/devices/dma
echo 1 >vcms/direct/associations/dma/active

echo 1M name=low >phys/alloc
echo 1M name=high >phys/alloc
low=$(awk 'NR == 1 { print $1 }' phys/low/chunks)
echo "1M at=$low name=r" >vcms/direct/reserve
assert_fails_with symlink:EINVAL "$TRY" symlink phys/high vcms/direct/reservations/r/backing
says .
ln -s phys/low vcms/direct/reservations/r/backing
assert_reads vcms/direct/reservations/r/addr "$low"
printf direct >vcms/direct/reservations/r/data
is direct dd if=memory/physical bs=6 count=1 skip="$((low))" iflag=skip_bytes status=none

# Outside physical memory.
mkdir vcms/nowhere
nothing_changes put_fails EINVAL vcms/nowhere/type one-to-one
says .
assert_reads vcms/nowhere/type device
