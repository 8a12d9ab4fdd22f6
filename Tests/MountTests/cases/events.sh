# events: a numbered line for each change, from the open on; readers wait, poll tells, who is too slow reads what was lost.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

exec 3<events
mkdir vcms/out
echo 128M >vcms/out/len
echo "64K name=r" >vcms/out/reserve
echo "64K name=buffer" >phys/alloc
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
ln -s phys/buffer vcms/out/reservations/r/backing
echo "prot=r" >vcms/out/reservations/r/attr
mv vcms/out vcms/in
quiet "$TRY" read devices/video_dec/memory 0x7000000 1 || true
rm vcms/in/reservations/r/backing
echo 0 >vcms/in/active
rm vcms/in/devices/video_dec
rmdir vcms/in/reservations/r vcms/in phys/buffer
# What fails is no change.
quiet mkdir vcms/.x || true
mkdir vcms/end
while read -r number time what; do
  case $what in 'created vcms/end') break ;; esac
  printf '%s %s\n' "$number" "$what"
done <&3 >"$W/lines"
exec 3<&-
# Numbered without a gap, in the order in which it happened.
is '' awk 'NR > 1 && $1 != last + 1 { print } { last = $1 }' "$W/lines"
saw() {
  line=$(grep -n -x -E -e "[0-9]+ $1" "$W/lines" | head -n 1 | cut -d : -f 1)
  [ -n "$line" ] || fail "no event matches: $1
$(cat "$W/lines")"
  [ "$line" -ge "$seen" ] || fail "out of order: $1
$(cat "$W/lines")"
  seen=$line
}
seen=0
saw 'created vcms/out'
saw 'changed vcms/out'
saw 'created vcms/out/reservations/r'
saw 'created phys/buffer'
saw 'created vcms/out/associations/video_dec'
saw 'activated vcms/out/associations/video_dec'
saw 'backed vcms/out/reservations/r phys/buffer'
saw 'changed vcms/out/reservations/r'
saw 'renamed vcms/out vcms/in'
saw 'fault .*video_dec.*0x7000000.*'
saw 'unbacked vcms/in/reservations/r.*'
saw 'deactivated vcms/in/associations/video_dec'
saw 'removed vcms/in/associations/video_dec'
saw 'removed vcms/in/reservations/r'
saw 'removed vcms/in'
saw 'removed phys/buffer'
if grep -q '\.x' "$W/lines"; then fail "a failure is an event"; fi

works python3 - <<'END'
import os, select, threading
stream = os.open("events", os.O_RDONLY | os.O_NONBLOCK)
def empty():
    try:
        raise SystemExit(f"read {os.read(stream, 4096)}")
    except BlockingIOError:
        pass
empty()
poll = select.poll()
poll.register(stream, select.POLLIN)
assert poll.poll(0) == []
blocking = os.open("events", os.O_RDONLY)
got = []
reader = threading.Thread(target=lambda: got.append(os.read(blocking, 4096)))
reader.start()
os.mkdir("vcms/wake")
reader.join(10)
assert got and got[0].endswith(b"created vcms/wake\n"), got
assert poll.poll(10000) == [(stream, select.POLLIN)]
assert os.read(stream, 4096).endswith(b"created vcms/wake\n")
empty()
# Too slow: the oldest are lost, and their number is told; the numbers of the rest go on.
late = os.open("events", os.O_RDONLY | os.O_NONBLOCK)
os.rmdir("vcms/wake")
first = int(os.read(late, 4096).split()[0])
requests = os.open("vcms/end/reserve", os.O_WRONLY)
os.write(requests, b"4K\n" * 20000)
text = b""
while True:
    try:
        text += os.read(late, 1 << 20)
    except BlockingIOError:
        break
lines = text.decode().splitlines()
word, lost = lines[0].split()
assert word == "lost" and int(lost) > 0, lines[0]
numbers = [int(line.split()[0]) for line in lines[1:]]
assert numbers == list(range(first + int(lost) + 1, numbers[-1] + 1)), (first, lost, numbers[:3])
END
