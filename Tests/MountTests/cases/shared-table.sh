# Associations of one region, format and attributes share one table; another format has its own.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir devices/second
echo msm-smmu >devices/second/format
mkdir vcms/out
for device in video_dec second display; do ln -s devices/$device vcms/out/devices/$device; done
echo 1 >vcms/out/active
root() { head -n 1 "vcms/out/associations/$1/root"; }
assert_matches '^table=0x94[0-9a-f]{6}$' "$(root video_dec)"
assert_eq "$(root video_dec)" "$(root second)" 'the tables of video_dec and second'
[ "$(root video_dec)" != "$(root display)" ] || fail "two formats share a table"
used=$((67108864 - $(cat memory/tables/free)))
echo 0 >vcms/out/associations/second/active
assert_eq "$used" "$((67108864 - $(cat memory/tables/free)))" 'the shared table went with the first to leave'
echo 0 >vcms/out/associations/video_dec/active
[ "$((67108864 - $(cat memory/tables/free)))" -lt "$used" ] || fail "the table stayed after the last left"
echo 0 >vcms/out/associations/display/active
assert_reads memory/tables/free 67108864
