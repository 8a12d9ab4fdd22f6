# The session of README.md, as it stands there.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
sed -n '/^```sh$/,/^```$/p' "$VCMFS_REPO/README.md" | sed '/^```/d' >"$W/session"
assert_eq 10 "$(wc -l <"$W/session")" "a ten-line session"

# Its first line mounts with the command; ours is given its place in the path, and unmounted in the end.
mkdir "$W/bin" "$W/here"
ln -s "$VCMFS" "$W/bin/vcmfs"
ended() {
  cd /
  M=$W/here/mnt
  if is_mounted; then detach_mount; fi
}
trap 'status=$?; ended; exit $status' EXIT
cd "$W/here"
PATH=$W/bin:$PATH
# shellcheck source=/dev/null
. "$W/session" >"$W/out"
cat "$W/out"
assert_eq hello "$(head -n 1 "$W/out")"
assert_matches '^0x' "$(sed -n 2p "$W/out")"
assert_matches msm-smmu "$(cat "$W/out")"
assert_matches omap-iommu "$(cat "$W/out")"
