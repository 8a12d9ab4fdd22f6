# ls -lR shows the whole tree: kinds, modes, sizes, link targets; no complaint.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

works ls -lR .
assert_lacks "$printed" '?????'
is '' sh -c 'ls -lR . 2>&1 >/dev/null'
has '^l.* frame/?$|backing -> ../../../../phys/buffer$' ls -l vcms/out/reservations/frame
has '^l.* video_dec -> ../../../devices/video_dec$' ls -l vcms/out/devices
has '^-rw-------.* physical$' ls -l memory
has '^-r--r--r--.* description$' ls -l formats/msm-smmu
has '^-rw-r--r--.* start$' ls -l vcms/out
has '^-r--r--r--.* free$' ls -l vcms/out
has '^d.* reservations$' ls -l vcms/out
# A directory has two links and one more for each directory in it.
is 4 stat -c %h vcms/out/reservations
same 'ls -i vcms | sort' 'ls -i vcms | sort'
