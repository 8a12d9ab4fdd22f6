# mount.vcmfs, as mount(8) calls it, and mount(8)'s own -t fuse.vcmfs.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mkdir "$M"
helper=$VCMFS_REPO/mount-scripts/mount.vcmfs
export VCMFS

"$helper" video "$M" -n -v -o rw,noauto,nofail >"$W/out"
assert_contains "$(cat "$W/out")" "video $M"
assert_matches "^video $M fuse\.vcmfs rw" "$(cat /proc/self/mounts)"
umount "$M" 2>/dev/null || fusermount3 -u "$M"

# -r and -s (sloppy) have their meaning of mount(8), -f does nothing at all.
"$helper" video "$M" -r -s -o bogus
assert_matches "^video $M fuse\.vcmfs ro" "$(cat /proc/self/mounts)"
umount "$M" 2>/dev/null || fusermount3 -u "$M"
"$helper" video "$M" -f
if is_mounted; then fail "a fake mount mounted"; fi

ends_with() {
  wanted=$1 status=0
  shift
  "$@" >"$W/out" 2>&1 || status=$?
  assert_eq "$wanted" "$status" "$*: $(cat "$W/out")"
}
ends_with 1 "$helper" video
ends_with 1 "$helper" video "$M" -o bogus
ends_with 32 "$helper" video "$W/none"
ends_with 32 "$helper" video "$M" -o "platform=$W/none"

# For `mount -t fuse.vcmfs`, mount(8) calls this one, which finds the program in the path.
[ -x /sbin/mount.fuse ] || exit 0
mkdir "$W/bin"
ln -s "$VCMFS" "$W/bin/vcmfs"
PATH=$W/bin:$PATH /sbin/mount.fuse video "$M" -o rw,noexec,x-test -t fuse.vcmfs
assert_matches "^video $M fuse\.vcmfs rw,[a-z,]*noexec" "$(cat /proc/self/mounts)"
assert_exists "$M/vcms"
umount "$M" 2>/dev/null || fusermount3 -u "$M"
