# shellcheck shell=sh
# Claims in the words of this filesystem, read by lib.sh. Each ends the case, with what was wanted and what came
# instead, when it is false.
#
#   put FILE TEXT                  TEXT and a newline, in one write(2), is taken
#   put_fails ERRNO FILE TEXT      that write(2) itself fails with ERRNO (not the open, not the close)
#   says ERE [DIRECTORY]           last_error is one line and matches
#   is WANTED COMMAND...           the command succeeds and prints exactly WANTED (closing newlines aside)
#   has ERE COMMAND...             it succeeds and a line that it prints matches; hasnt is its opposite
#   works COMMAND...               it succeeds; its output is shown only if it does not
#   same COMMAND COMMAND           two shell commands succeed and print the same
#   unchanged COMMAND ... still    a shell command prints the same at `still` as it did at `unchanged`
#   number_in FILE                 the file holds one number: printed in decimal
#   plays DOCUMENT                 the console blocks of a document are a session that prints just what they say
#   topology                       builds a small graph with one of each thing
#   nothing_changes COMMAND...     what the tree says is the same after the command (which may be one of these)

# A newline, for texts of several lines.
NL='
'

put() {
  put_status=0
  put_said=$("$TRY" write "$1" "$2$NL" 2>&1) || put_status=$?
  [ "$put_status" = 0 ] || fail "writing '$2' to $1: $put_said: $(cat "$M/last_error")"
  [ -z "$put_said" ] || fail "writing '$2' to $1 took only $put_said"
}

put_fails() {
  assert_fails_with "write:$1" "$TRY" write "$2" "$3$NL"
}

says() {
  said_text=$(last_error "${2:-$M}") || fail "${2:-$M}/last_error cannot be read"
  [ "$(printf '%s\n' "$said_text" | wc -l)" = 1 ] || fail "last_error is not one line: $said_text"
  printf '%s\n' "$said_text" | grep -Eq -e "$1" || fail "last_error does not match: $1
  it says: $said_text"
}

# Runs a command, leaves what it printed in `printed`, and ends the case if it fails.
printing() {
  printing_status=0
  printed=$("$@" 2>&1) || printing_status=$?
  [ "$printing_status" = 0 ] || fail "\`$*\` ended with status $printing_status: $printed"
}

is() {
  is_wanted=$1
  shift
  printing "$@"
  assert_eq "$is_wanted" "$printed" "\`$*\`"
}

has() {
  has_pattern=$1
  shift
  printing "$@"
  printf '%s\n' "$printed" | grep -Eq -e "$has_pattern" || fail "\`$*\`: no line matches: $has_pattern
  in: $printed"
}

hasnt() {
  has_pattern=$1
  shift
  printing "$@"
  if printf '%s\n' "$printed" | grep -Eq -e "$has_pattern"; then
    fail "\`$*\`: a line matches: $has_pattern
  in: $printed"
  fi
}

works() {
  printing "$@"
}

same() {
  same_one=$(eval "$1") || fail "\`$1\` failed"
  same_two=$(eval "$2") || fail "\`$2\` failed"
  assert_eq "$same_one" "$same_two" "\`$1\` and \`$2\`"
}

unchanged() {
  unchanged_command=$1
  unchanged_text=$(eval "$1") || fail "\`$1\` failed"
}

still() {
  assert_eq "$unchanged_text" "$(eval "$unchanged_command")" "\`$unchanged_command\` changed"
}

number_in() {
  number_text=$(cat "$1") || fail "$1 cannot be read"
  case $number_text in
  0x*[!0-9a-f]* | [!0]*[!0-9]* | '') fail "$1 is not a number: $number_text" ;;
  esac
  echo "$((number_text))"
}

# Everything that the tree says, bytes of memory, last errors and streams aside: one line a name, then one a line of
# text.
state() {
  (
    cd "$M" || exit 1
    find vcms devices phys memory -printf '%p %y %l\n' | sort
    find vcms devices phys memory -type f ! -name data ! -name physical ! -name last_error ! -name '*.bin' \
      ! -path 'devices/*/memory' ! -path 'devices/*/faults' \
      -exec grep -H '' {} + | sort
  )
}

# Nothing that `state` shows changes while the command runs.
#   nothing_changes put_fails EINVAL vcms/out/reserve 5
nothing_changes() {
  state >"$W/state.before"
  "$@"
  state >"$W/state.after"
  diff "$W/state.before" "$W/state.after" >"$W/state.diff" || fail "\`$*\` changed:
$(cat "$W/state.diff")"
}

# A small topology for tools to look at: a region with two active devices, two reservations, one of them backed.
topology() {
  mkdir "$M/vcms/out"
  echo 0x1000 >"$M/vcms/out/start"
  echo 128M >"$M/vcms/out/len"
  ln -s devices/video_dec "$M/vcms/out/devices/video_dec"
  ln -s devices/display "$M/vcms/out/devices/display"
  echo 1 >"$M/vcms/out/active"
  echo "64K name=frame" >"$M/vcms/out/reserve"
  echo "4K name=spare" >"$M/vcms/out/reserve"
  echo "64K name=buffer" >"$M/phys/alloc"
  ln -s phys/buffer "$M/vcms/out/reservations/frame/backing"
  printf 'seen through every tool' >"$W/words"
  dd if="$W/words" of="$M/phys/buffer/data" conv=notrunc status=none
}

# The console blocks of a document as one session in the root of a fresh mount, compared byte for byte.
#   plays docs/FILES.md
plays() {
  awk '/^```console$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$VCMFS_REPO/$1" >"$W/wanted"
  # Each command shows itself first. The redirection does not make a subshell: cd and exec hold for the next ones.
  awk '/^\$ / {
    print "cat <<\"VCMFS_SHOWN\"\n" $0 "\nVCMFS_SHOWN\n{ " substr($0, 3) "\n} 2>&1"
  }' "$W/wanted" >"$W/session"
  [ -s "$W/session" ] || fail "$1 has no examples"
  mount_vcmfs
  (
    set +eu
    trap - EXIT HUP INT TERM
    cd "$M" || exit
    # shellcheck source=/dev/null
    . "$W/session"
  ) </dev/null >"$W/got"
  diff -u "$W/wanted" "$W/got" || fail "the examples of $1 print something else (+)"
}
