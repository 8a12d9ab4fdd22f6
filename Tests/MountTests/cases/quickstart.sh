# mount-scripts/quickstart plays all thirteen steps, shows both tables, and leaves nothing behind, however it ends.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mkdir "$W/tmp"
TMPDIR=$W/tmp
export TMPDIR
"$VCMFS_REPO/mount-scripts/quickstart" -b "$VCMFS" >"$W/out" 2>"$W/err" || fail "status $?: $(cat "$W/out" "$W/err")"
assert_eq "" "$(cat "$W/err")"
for step in 1 2 3 4 5 6 7 8 9 10 11 12 13; do assert_matches "^== $step\. " "$(cat "$W/out")"; done
assert_matches '^frame 1: hello from the processor' "$(cat "$W/out")"
assert_eq 2 "$(grep -c '^dma: 65536 bytes at 0x8' "$W/out")" "segments given to the DMA engine"
assert_matches 'msm-smmu .*omap-iommu' "$(cat "$W/out")"
assert_eq "" "$(ls "$W/tmp")" "nothing is left"
if grep -q " $W/tmp" /proc/self/mounts; then fail "left a mount behind"; fi

# A step that fails, and a signal, end it with a status, and clean up the same.
status=0
printf '#!/bin/sh\nexec "%s" -o ro "$@"\n' "$VCMFS" >"$W/readonly"
chmod +x "$W/readonly"
"$VCMFS_REPO/mount-scripts/quickstart" -b "$W/readonly" >"$W/out" 2>"$W/err" || status=$?
[ "$status" != 0 ] || fail "a failing step did not end it"
assert_eq "" "$(ls "$W/tmp")" "nothing is left of a failure"

printf '#!/bin/sh\n"%s" "$@" || exit\ntouch "%s/mounted"\nsleep 3\n' "$VCMFS" "$W" >"$W/slow"
chmod +x "$W/slow"
"$VCMFS_REPO/mount-scripts/quickstart" -b "$W/slow" >"$W/out" 2>"$W/err" &
player=$!
wait_until [ -e "$W/mounted" ]
kill -TERM "$player"
status=0
wait "$player" || status=$?
assert_eq 143 "$status"
assert_eq "" "$(ls "$W/tmp")" "nothing is left of an interruption"
if grep -q " $W/tmp" /proc/self/mounts; then fail "left a mount behind"; fi
