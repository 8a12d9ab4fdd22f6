# mount-scripts/examples/demand-paging: a pager of ten lines gives a device memory where it faults, while the access waits.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"
example=$VCMFS_REPO/mount-scripts/examples/demand-paging
works sh "$example/setup"
assert_eq 10 "$(wc -l <"$example/pager")" "lines of the pager"
sh "$example/pager" >"$W/pager.out" 2>&1 &
pager=$!
wait_until grep -q hook devices/video_dec/on_fault
# The pager has opened faults when an access would wait: until then it ends at once, and nothing is backed.
wait_until quiet "$TRY" read devices/video_dec/memory 0xf000 1
is 16384 sh -c 'head -c 16384 devices/video_dec/memory | wc -c'
is 5 sh -c 'ls -d vcms/paged/reservations/*/backing | wc -l'
works sh -c 'printf "written where nothing was" | dd of=devices/video_dec/memory bs=100 seek=32768 oflag=seek_bytes conv=notrunc status=none'
is 'written where nothing was' head -c 25 phys/for-0x8000/data
# Not reserved: the pager cannot help, and says so.
assert_fails_with read:EFAULT "$TRY" read devices/video_dec/memory 0x20000 1
kill "$pager"
wait "$pager" || :
assert_eq "" "$(grep -v 'for-0x\|at/0x20000' "$W/pager.out")" "the pager said"
