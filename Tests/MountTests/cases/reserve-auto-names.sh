# Without name= a reservation is r0, r1, ... of its region; a name that is taken is passed over.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/other
for region in out other; do echo 1M >vcms/$region/len; done
echo 4K >vcms/out/reserve
echo "4K name=r1" >vcms/out/reserve
echo 4K >vcms/out/reserve
is "r0${NL}r1${NL}r2" ls vcms/out/reservations
# Each region counts by itself.
echo 4K >vcms/other/reserve
is r0 ls vcms/other/reservations
# Buffers are b0, b1, ...
echo "4K name=b0" >phys/alloc
is b1 "$TRY" ask phys/alloc "4K$NL"
