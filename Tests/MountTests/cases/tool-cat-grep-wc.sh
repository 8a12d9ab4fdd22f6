# cat, head, tail, wc and grep -r read what stat says is there.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

# Streams wait for their next line, and a device's memory faults where nothing is mapped.
is '' sh -c 'find . -type f ! -name physical ! -name events ! -name faults ! -path "./devices/*/memory" \
  -exec cat {} + 2>&1 >/dev/null'
# The size of a file is what a read returns.
find . -type f ! -name physical ! -name data ! -name events ! -name faults ! -name metrics \
  ! -path './devices/*/memory' -printf '%s %p\n' | while read -r size path; do
  assert_eq "$size" "$(wc -c <"$path" | tr -d ' ')" "the size of $path"
done
has '^vcms/out/start:0x1000$' grep -r 0x1000 vcms/out
has '^vcms/out/reservations/frame/len:65536$' grep -rx 65536 vcms
has '^\./devices/video_dec/format:msm-smmu$' \
  grep -rx msm-smmu . --exclude=physical --exclude=events --exclude=faults --exclude=memory --exclude-dir=memory
is '1 vcms/out/start' wc -l vcms/out/start
is 0x1000 head -n 1 vcms/out/start
is 0x1000 tail -n 1 vcms/out/start
is '00' tail -c 3 vcms/out/start
is 0x head -c 2 vcms/out/start
[ -s vcms/out/start ] || fail "[ -s ] says that start is empty"
same 'cat vcms/out/associations/video_dec/pagetable | wc -l' 'wc -l <vcms/out/associations/video_dec/pagetable'
same 'tail -n 3 vcms/out/associations/video_dec/pagetable' 'cat vcms/out/associations/video_dec/pagetable | tail -n 3'
