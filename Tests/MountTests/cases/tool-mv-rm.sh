# rm -r takes a region down in the order of the walk, and stops with EBUSY where an association is active.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

# An active association stops it, and it is still there and active afterwards.
if rm -r vcms/out 2>"$W/err"; then fail "an active association was torn down"; fi
has 'Device or resource busy' cat "$W/err"
assert_reads vcms/out/associations/video_dec/active 1
assert_exists vcms/out/devices/video_dec

echo 0 >vcms/out/active
rm -r vcms/out
assert_missing vcms/out
is '' ls devices/video_dec/vcms
is '' ls phys/buffer/users
rm -r phys/buffer
assert_missing phys/buffer
assert_reads memory/mt0/free 268435456
assert_reads memory/tables/free 67108864
# rm -rf of the whole tree: what can go has gone, the rest is where it was, and the mount works.
mkdir vcms/again
quiet rm -rf vcms phys devices formats memory || true
assert_missing vcms/again
assert_exists vcms
assert_exists formats/x86-64
mkdir vcms/later
assert_reads vcms/later/start 0x0
