# mount-scripts/examples/three-mappers: each step works, and an IOMMU, a one-to-one device and a processor see one buffer.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"
sh -e "$VCMFS_REPO/mount-scripts/examples/three-mappers/steps" >"$W/out" 2>"$W/err" || fail "status $?: $(cat "$W/out" "$W/err")"
assert_eq "" "$(cat "$W/err")"
physical=$(cut -d ' ' -f 1 phys/shared/chunks)
wanted="$physical 1048576
0x0
$physical
0x0
phys $physical
reservation vcms/display/reservations/shared 0x0
vcm vcms/dma/reservations/shared $physical
vcm vcms/kernel/reservations/shared 0x0
processor
display  
engine   
buffer phys/shared 0x0
reservation vcms/display/reservations/shared 0x0
reservation vcms/dma/reservations/shared $physical
reservation vcms/kernel/reservations/shared 0x0
omap-iommu entries=1 1048576=1
arm-v7s entries=1 1048576=1
$physical 1048576 vcms/display/reservations/shared cache=none vcms/dma/reservations/shared cache=none vcms/kernel/reservations/shared cache=wb-wa"
assert_eq "$wanted" "$(cat "$W/out")"
