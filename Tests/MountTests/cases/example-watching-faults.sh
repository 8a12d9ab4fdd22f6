# mount-scripts/examples/watching-faults: each fault is told with the walk of its address and what is reserved there.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"
sh "$VCMFS_REPO/mount-scripts/examples/watching-faults/watch-faults" >"$W/out" 2>"$W/err" &
watcher=$!
# `spare` is reserved and not backed; a fault that comes before the watcher reads is not seen.
spare=$(cat vcms/out/reservations/spare/addr)
told() {
  quiet "$TRY" read devices/display/memory "$spare" 1
  grep -q "in out: spare" "$W/out"
}
wait_until told
assert_fails_with read:EFAULT "$TRY" read devices/video_dec/memory 0x7000000 1
wait_until grep -q 'in out: nothing is reserved' "$W/out"
has "^fault [0-9]+: display, read of $spare: entry not present at level L2\$" cat "$W/out"
has '^  walk: L1 0x0 0x[0-9a-f]+ 0x[0-9a-f]+ table' cat "$W/out"
has '^fault [0-9]+: video_dec, read of 0x7000000: entry not present at level L1$' cat "$W/out"
kill -TERM "$watcher"
wait "$watcher" || :
