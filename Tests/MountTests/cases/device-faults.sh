# faults: one numbered line for each access that faults, from the open on; readers wait, poll tells, O_NONBLOCK is EAGAIN.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

eye=devices/video_dec/memory
quiet "$TRY" read $eye 0x1000 1 || true
exec 3<devices/video_dec/faults
assert_fails_with read:EFAULT "$TRY" read $eye 0x2000 1
assert_fails_with write:EFAULT "$TRY" write $eye x 0x3000
read -r line <&3
assert_matches '^[0-9]+ video_dec 0x2000 read ' "$line"
read -r next <&3
assert_matches '^[0-9]+ video_dec 0x3000 write ' "$next"
assert_eq "$((${line%% *} + 1))" "${next%% *}" 'the sequence numbers'
exec 3<&-
# Another device's faults are not in it.
works python3 - <<'END'
import errno, os, select, threading
faults = os.open("devices/video_dec/faults", os.O_RDONLY | os.O_NONBLOCK)
def fault(device, address):
    eye = os.open(f"devices/{device}/memory", os.O_RDONLY)
    try:
        os.pread(eye, 1, address)
    except OSError as error:
        assert error.errno == errno.EFAULT, error
    else:
        raise SystemExit("no fault")
    os.close(eye)
def empty():
    try:
        raise SystemExit(f"read {os.read(faults, 4096)}")
    except BlockingIOError:
        pass
empty()
poll = select.poll()
poll.register(faults, select.POLLIN)
assert poll.poll(0) == []
fault("display", 0x1000)
empty()
# A waiting reader and a waiting poll are woken by the fault.
blocking = os.open("devices/video_dec/faults", os.O_RDONLY)
got = []
reader = threading.Thread(target=lambda: got.append(os.read(blocking, 4096)))
reader.start()
fault("video_dec", 0x7000)
reader.join(10)
assert got and got[0].split()[2] == b"0x7000", got
assert poll.poll(10000) == [(faults, select.POLLIN)]
assert os.read(faults, 4096).split()[2] == b"0x7000"
empty()
# One line at a time, or many, but whole lines; and none is told twice.
for address in range(0x10000, 0x20000, 0x1000):
    fault("video_dec", address)
text = b""
while text.count(b"\n") < 16:
    text += os.read(faults, 100)
assert [int(line.split()[2], 16) for line in text.splitlines()] == list(range(0x10000, 0x20000, 0x1000)), text
empty()
END
