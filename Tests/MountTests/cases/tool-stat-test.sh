# stat, test and readlink answer truly: kinds, sizes, blocks, times, links that resolve.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

test -d vcms/out && test -f vcms/out/start && test -L vcms/out/devices/display && test -d vcms/out/devices/display
test -e vcms/out/reservations/frame/backing
if test -e vcms/out/reservations/spare/backing; then fail "spare has a backing"; fi
if test -e vcms/none; then fail "none is there"; fi
test -r vcms/out/start
test -w vcms/out/start
is 'directory 755' stat -c '%F %a' vcms
is 'regular file 644 7' stat -c '%F %a %s' vcms/out/start
is 'regular file 444' stat -c '%F %a' vcms/out/free
is 'symbolic link' stat -c %F vcms/out/devices/display
is "$(stat -c %i devices/display)" stat -L -c %i vcms/out/devices/display
is 0 stat -c %u vcms/out
is fuseblk stat -f -c %T .
# The time of a change moves; reading does not move it.
before=$(stat -c %Y.%y vcms/out/len)
cat vcms/out/len >/dev/null
is "$before" stat -c %Y.%y vcms/out/len
mkdir vcms/young
test vcms/young -nt vcms/out
# chmod, chown and touch: refused or without effect, never half done.
quiet chmod 777 vcms/out/start || true
quiet chown nobody vcms/out/start || true
quiet touch vcms/out/start || true
assert_reads vcms/out/start 0x1000
