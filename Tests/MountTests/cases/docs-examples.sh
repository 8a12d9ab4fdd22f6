# The examples of docs/FILES.md: one session in the root of a fresh mount, compared byte for byte.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need getfattr
awk '/^```console$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$VCMFS_REPO/docs/FILES.md" >"$W/wanted"
# Each command shows itself first. The redirection does not make a subshell: cd and exec hold for the next ones.
awk '/^\$ / {
  print "cat <<\"VCMFS_SHOWN\"\n" $0 "\nVCMFS_SHOWN\n{ " substr($0, 3) "\n} 2>&1"
}' "$W/wanted" >"$W/session"
[ -s "$W/session" ] || fail "docs/FILES.md has no examples"

mount_vcmfs
(
  set +eu
  trap - EXIT HUP INT TERM
  cd "$M" || exit
  # shellcheck source=/dev/null
  . "$W/session"
) </dev/null >"$W/got"
diff -u "$W/wanted" "$W/got" || fail "the examples of docs/FILES.md print something else (+)"
