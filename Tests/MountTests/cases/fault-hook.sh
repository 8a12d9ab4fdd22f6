# on_fault: with hook an access waits until a reader of faults answers retry or terminate, or the time is up.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

device=devices/video_dec
eye=$device/memory
assert_reads $device/on_fault terminate
assert_reads $device/fault_timeout 10000
for bad in '' Hook 1 'hook terminate' '1 maybe' 'x retry' '1 retry now'; do
  nothing_changes put_fails EINVAL $device/on_fault "$bad"
done
put_fails ENOENT $device/on_fault '99 retry'
says 99
for bad in '' 0 -1 x 999999999999; do nothing_changes put_fails EINVAL $device/fault_timeout "$bad"; done

mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
echo "64K at=64K name=demand" >vcms/out/reserve
echo "64K name=page" >phys/alloc
printf 'paged in' >phys/page/data
put $device/on_fault hook
assert_reads $device/on_fault hook

# Nobody reads `faults`: nobody could answer, so nobody waits.
assert_fails_with read:EFAULT "$TRY" read $eye 0x10000 8

# A pager in shell: backs what is reserved, gives up on the rest.
pager() {
  while read -r sequence name address rest; do
    if [ -d "vcms/out/at/$address" ] && ln -s phys/page "vcms/out/at/$address/backing"; then
      echo "$sequence retry" >$device/on_fault
    else
      echo "$sequence terminate" >$device/on_fault
    fi
  done
}
exec 3<$device/faults
pager <&3 2>"$W/pager.err" &
pager=$!
is 'paged in' "$TRY" read $eye 0x10000 8
assert_exists vcms/out/reservations/demand/backing
# Now it is there: no fault any more.
is 'paged in' "$TRY" read $eye 0x10000 8
assert_fails_with read:EFAULT "$TRY" read $eye 0x7000000 8
rm vcms/out/reservations/demand/backing
works "$TRY" write $eye 'written, after a fault' 0x10000
is 'written, after a fault' "$TRY" read phys/page/data 0 22
rm vcms/out/reservations/demand/backing
kill "$pager"
wait "$pager" 2>/dev/null || true

# `retry` without a cure faults again, under a number of its own.
"$TRY" read $eye 0x10000 1 >"$W/out" 2>&1 &
access=$!
read -r first rest <&3
echo "$first retry" >$device/on_fault
read -r second rest <&3
[ "$second" -gt "$first" ] || fail "fault $second came after $first"
put_fails ENOENT $device/on_fault "$first retry"
echo "$second terminate" >$device/on_fault
wait "$access" && fail "a terminated access succeeded"
is 'read: EFAULT' cat "$W/out"

# A signal ends the wait of who accesses; the mount lives on.
"$TRY" read $eye 0x10000 1 >"$W/out" 2>&1 &
access=$!
read -r sequence rest <&3
kill "$access"
wait "$access" && fail "a killed access succeeded"
assert_reads vcms/out/start 0x0

# Nobody answers the fault of who was interrupted: its number is gone.
put_fails ENOENT $device/on_fault "$sequence retry"

# Two wait with one descriptor, and each has its own answer: many times, since either may be tried first.
exec 4<$eye
"$TRY" read-descriptor 4 0x10000 1 >"$W/one" 2>&1 &
one=$!
read -r first rest <&3
"$TRY" read-descriptor 4 0x20000 1 >"$W/two" 2>&1 &
two=$!
read -r second rest <&3
for _ in 1 2 3 4 5 6 7; do
  echo "$first retry" >$device/on_fault
  read -r first name address rest <&3
  assert_eq 0x10000 "$address" "the access that was answered"
  echo "$second retry" >$device/on_fault
  read -r second name address rest <&3
  assert_eq 0x20000 "$address" "the access that was answered"
done
echo "$second terminate" >$device/on_fault
wait "$two" && fail "a terminated access succeeded"
is 'read: EFAULT' cat "$W/two"
is '' cat "$W/one"
# One is interrupted, and its time passes; others that come later with the descriptor know nothing of it.
kill "$one"
wait "$one" && fail "a killed access succeeded"
put_fails ENOENT $device/on_fault "$first retry"
"$TRY" read-descriptor 4 0x20000 1 >"$W/two" 2>&1 &
two=$!
read -r second rest <&3
ln -s phys/page vcms/out/reservations/demand/backing
is 'written,' "$TRY" read-descriptor 4 0x10000 8
rm vcms/out/reservations/demand/backing
echo "$second terminate" >$device/on_fault
wait "$two" && fail "a terminated access succeeded"
is 'read: EFAULT' cat "$W/two"
exec 4<&-

# Nobody answers: the time is up.
echo 50 >$device/fault_timeout
assert_reads $device/fault_timeout 50
assert_fails_with read:EFAULT "$TRY" read $eye 0x10000 1
read -r sequence rest <&3
put_fails ENOENT $device/on_fault "$sequence retry"
# The answer `terminate` for all, and the reader's end, free who waits.
echo 60000 >$device/fault_timeout
"$TRY" read $eye 0x10000 1 >"$W/out" 2>&1 &
access=$!
read -r sequence rest <&3
echo terminate >$device/on_fault
wait "$access" && fail "an access succeeded after terminate"
is 'read: EFAULT' cat "$W/out"
exec 3<&-
