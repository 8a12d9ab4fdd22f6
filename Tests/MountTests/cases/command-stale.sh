# A daemon that was killed leaves a dead mount; the next mount there takes it over.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null || true
daemon=
assert_fails_with ENOTCONN "$TRY" stat "$M/vcms"
mount_vcmfs
# mount_vcmfs may have taken the dead mount for the new one.
wait_until [ -e "$M/vcms" ]
assert_eq 1 "$(grep -c " $M fuse" /proc/self/mounts)"
unmount_vcmfs
