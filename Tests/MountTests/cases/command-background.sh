# In the background: zero only when the mount answers, the reason if it does not, and a clean end by signal or unmount.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mkdir "$M"

# The pid of the daemon whose command line names the mount point.
daemon_of() {
  for entry in /proc/[0-9]*; do
    [ "$(readlink "$entry/exe")" = "$VCMFS" ] || continue
    if tr '\0' '\n' <"$entry/cmdline" | grep -qxF "$1"; then basename "$entry"; fi
  done 2>/dev/null
}

# Nobody here waits for a daemon, so that its entry may stay, without a program.
is_gone() { ! readlink "/proc/$1/exe" >/dev/null 2>&1; }

"$VCMFS" "$M" >"$W/out" 2>"$W/err" || fail "status $?: $(cat "$W/err")"
is_mounted || fail "the command returned before it had mounted"
assert_exists "$M/vcms"
assert_eq "" "$(cat "$W/out" "$W/err")" "a mount that works says nothing"
pid=$(daemon_of "$M")
[ -n "$pid" ] || fail "no daemon"
assert_eq / "$(readlink "/proc/$pid/cwd")" "the daemon holds no directory"
for descriptor in 0 1 2; do assert_eq /dev/null "$(readlink "/proc/$pid/fd/$descriptor")"; done
fusermount3 -u "$M"
wait_until is_gone "$pid"

# (SIGINT ends it too, but whoever runs this in the background has it ignored, and so have its children.)
for signal in TERM HUP; do
  "$VCMFS" "$M"
  pid=$(daemon_of "$M")
  # Under nohup SIGHUP, the lowest bit, is ignored, and so it is by its children.
  case $signal,$(sed -n 's/^SigIgn:[[:blank:]]*//p' "/proc/$pid/status") in
  HUP,*[13579bdf]) signal=TERM ;;
  esac
  kill -s "$signal" "$pid"
  wait_until is_gone "$pid"
  if is_mounted; then fail "SIG$signal left the mount behind"; fi
done

# In the foreground the same ends with status 0.
mount_vcmfs
kill -s TERM "$daemon"
status=0
wait "$daemon" || status=$?
daemon=
assert_eq 0 "$status" "SIGTERM in the foreground"
if is_mounted; then fail "the mount is still there"; fi

refused() {
  wanted=$1 part=$2 status=0
  shift 2
  "$VCMFS" "$@" >"$W/out" 2>"$W/err" || status=$?
  assert_eq "$wanted" "$status" "vcmfs $*: $(cat "$W/err")"
  assert_contains "$(cat "$W/err")" "$part"
  if is_mounted; then fail "vcmfs $* mounted"; fi
}
refused 1 "No such file or directory" "$W/none"
: >"$W/file"
refused 1 "Not a directory" "$W/file"
refused 1 "No such file or directory" -f "$W/none"
refused 1 "$W/none/memory" --memory "$W/none/memory" "$M"
printf 'name: x\n' >"$W/p.yaml"
refused 65 "p.yaml:1: the platform has no \`memory\`" --platform "$W/p.yaml" "$M"
refused 65 "No such file or directory" -o "platform=$W/none.yaml" "$M"
refused 64 "bogus" -o bogus "$M"
refused 64 "default_permissions" -o allow_other "$M"
refused 64 "remount" -o remount "$M"
refused 64 "where to mount"
refused 64 "what is" a b "$M"
refused 64 "bogus" --bogus "$M"
