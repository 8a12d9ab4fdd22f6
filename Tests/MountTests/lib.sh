# shellcheck shell=sh
# What every mounted case starts with:  . "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
#
# The runner gives: W (an empty work directory), VCMFS (the binary), TRY (the one-system-call helper of try.c),
# VCMFS_REPO (the top of the checkout). Here come M=$W/m (the mount point) and:
#
#   mount_vcmfs [OPTION...]        mounts at $M, in the foreground of a background job: its words are in $W/daemon.log
#   unmount_vcmfs                  unmounts, and fails unless the daemon ended with status 0 (also done at exit)
#   assert_eq WANTED GOT [WHAT]    the two texts are the same
#   assert_contains TEXT PART      TEXT holds PART;  assert_lacks is its opposite
#   assert_matches ERE TEXT        a line of TEXT matches
#   assert_reads PATH WANTED       cat PATH gives WANTED (closing newlines aside, as $(...) has it)
#   assert_exists PATH / assert_missing PATH
#   assert_fails_with ERRNO COMMAND...   the command fails, and with that errno: EBUSY, or CALL:EBUSY (see below)
#   last_error [DIRECTORY]         the sentence of the last failure (root's file unless a directory is given)
#   quiet COMMAND...               runs it with its output thrown away
#   wait_until COMMAND...          tries again until it succeeds, forty seconds at most
#   need_user                      skips unless we may become another user; as_nobody COMMAND... then runs as one
#   need COMMAND...                skips the case unless every command is there
#   skip REASON / fail WHAT
#   and everything of assert.sh
#
# assert_fails_with knows the errno in two ways. `"$TRY" CALL ...` says it by name ("write: EBUSY"), exact, and
# names the call, so that write:EBUSY fails for an error that came from close. Any other command is asked for
# the errno's message, as coreutils prints it. dash's own echo and redirections have words of their own: use
# "$TRY" write there.
set -eu
# Messages are compared, so they have to be in one language.
LC_ALL=C
export LC_ALL
umask 022

: "${W:?run me by Tests/MountTests/run}" "${VCMFS:?}" "${TRY:?}" "${VCMFS_REPO:?}"
M=$W/m
daemon=

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

skip() {
  printf 'skipped: %s\n' "$*"
  exit 77
}

need() {
  for needed in "$@"; do
    command -v "$needed" >/dev/null 2>&1 || skip "no $needed here"
  done
}

# shellcheck source=Tests/MountTests/assert.sh
. "$VCMFS_REPO/Tests/MountTests/assert.sh"

need_user() {
  [ "$(id -u)" = 0 ] || skip "only root may become another user"
  chmod 755 "$W"
}

as_nobody() {
  setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

is_mounted() {
  grep -q " $M fuse\.vcmfs " /proc/self/mounts
}

# mount_vcmfs OPTION...: mounts on $M with these options.
# shellcheck disable=SC2120 # the cases give options
mount_vcmfs() {
  [ -z "$daemon" ] || fail "mount_vcmfs: one is mounted already"
  mkdir -p "$M"
  # Standard input stays away from the daemon, its words go to a file that a failed case shows.
  "$VCMFS" -f "$@" "$M" </dev/null >>"$W/daemon.log" 2>&1 &
  daemon=$!
  waited=0
  until is_mounted; do
    kill -0 "$daemon" 2>/dev/null || fail "vcmfs ended before it had mounted: $(cat "$W/daemon.log")"
    waited=$((waited + 1))
    [ "$waited" -lt 1000 ] || fail "vcmfs had not mounted after ten seconds"
    sleep 0.01
  done
  # The first answer comes when the loop runs.
  stat "$M" >/dev/null || fail "the mount does not answer"
}

# A file that a command has just closed may still be on its way: RELEASE is not waited for.
detach_mount() {
  tries=0
  until ! is_mounted || fusermount3 -u "$M" 2>"$W/unmount.err"; do
    tries=$((tries + 1))
    [ "$tries" -lt 40 ] || return 1
    sleep 0.05
  done
}

# Unmounts and waits for the daemon; says on standard error what went wrong, and then has status 1.
end_daemon() {
  cd "$W"
  if ! detach_mount; then
    echo "FAILED: cannot unmount: $(cat "$W/unmount.err")" >&2
    return 1
  fi
  daemon_status=0
  wait "$daemon" || daemon_status=$?
  daemon=
  [ "$daemon_status" = 0 ] && return
  echo "FAILED: the daemon ended with status $daemon_status: $(cat "$W/daemon.log")" >&2
  return 1
}

unmount_vcmfs() {
  [ -n "$daemon" ] || fail "unmount_vcmfs: nothing is mounted"
  end_daemon || exit 1
}

finish() {
  status=$?
  trap - EXIT
  set +e
  cd "$W"
  if [ -n "$daemon" ]; then
    if [ "$status" = 0 ] || [ "$status" = 77 ]; then
      end_daemon || status=1
    fi
    if is_mounted; then
      umount -l "$M" 2>/dev/null || fusermount3 -u -z "$M"
    fi
    [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

assert_eq() {
  [ "$1" = "$2" ] || fail "${3:-differs}
  wanted: $1
  got:    $2"
}

assert_contains() {
  case $1 in
  *"$2"*) ;;
  *) fail "not there: $2
  in: $1" ;;
  esac
}

assert_lacks() {
  case $1 in
  *"$2"*) fail "should not be there: $2
  in: $1" ;;
  esac
}

assert_matches() {
  printf '%s\n' "$2" | grep -Eq -e "$1" || fail "no line matches: $1
  in: $2"
}

assert_reads() {
  assert_eq "$2" "$(cat "$1")" "$1"
}

assert_exists() {
  [ -e "$1" ] || [ -L "$1" ] || fail "missing: $1"
}

assert_missing() {
  if [ -e "$1" ] || [ -L "$1" ]; then fail "should not be there: $1"; fi
}

assert_fails_with() {
  wanted=$1
  shift
  if "$@" >"$W/assert.out" 2>"$W/assert.err"; then
    fail "should have failed with $wanted: $*"
  fi
  said=$(cat "$W/assert.err")
  if [ "$1" = "$TRY" ]; then
    case $wanted in
    *:*) assert_eq "${wanted%%:*}: ${wanted#*:}" "$said" "$*" ;;
    *) assert_eq "$wanted" "${said##*: }" "$*" ;;
    esac
  else
    message=$("$TRY" message "$wanted")
    case $said in
    *"$message"*) ;;
    *) fail "should have failed with $wanted ($message): $*
  said: $said" ;;
    esac
  fi
}

last_error() {
  cat "${1:-$M}/last_error"
}

quiet() {
  "$@" >/dev/null 2>&1
}

wait_until() {
  attempts=0
  until "$@"; do
    attempts=$((attempts + 1))
    [ "$attempts" -lt 800 ] || fail "did not come true in forty seconds: $*"
    sleep 0.05
  done
}
