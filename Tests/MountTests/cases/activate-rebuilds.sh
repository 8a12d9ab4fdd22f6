# Backings survive deactivation: the table is built again, the same, at the next activation; also for a new device.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 0x1000 >vcms/out/start
echo 128M >vcms/out/len
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
echo "2M align=1M name=a" >vcms/out/reserve
echo "64K name=b" >vcms/out/reserve
echo "2M name=x" >phys/alloc
echo "64K name=y" >phys/alloc
ln -s phys/x vcms/out/reservations/a/backing
ln -s phys/y vcms/out/reservations/b/backing
cat vcms/out/associations/video_dec/pagetable >"$W/before"
tables=$(cat memory/tables/free)
[ "$tables" -lt 67108864 ] || fail "no memory for tables was taken"

echo 0 >vcms/out/active
assert_reads memory/tables/free 67108864
echo 1 >vcms/out/active
assert_eq '' "$(diff "$W/before" vcms/out/associations/video_dec/pagetable)" 'the table was built differently'
assert_reads memory/tables/free "$tables"

# A device that is associated after back gets the whole table at its activation.
ln -s devices/display vcms/out/devices/display
echo 1 >vcms/out/associations/display/active
has ' 0x0*100000 ' cat vcms/out/associations/display/pagetable
