# What /proc/mounts shows, and what mount options do.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"

line() { grep " $M " /proc/self/mounts; }

mount_vcmfs
assert_matches "^vcmfs $M fuse\.vcmfs rw,nosuid,nodev" "$(line)"
unmount_vcmfs

# mount(8)'s form: a source, other people's options, and ours.
cat >"$W/p.yaml" <<END
name: tiny
memory:
  only: {base: 0, size: 1M}
END
mount_vcmfs -o "rw,nofail,_netdev,x-systemd.automount,user=joe,noexec,fsname=video,platform=$W/p.yaml"
assert_matches "^video $M fuse\.vcmfs rw,nosuid,nodev,noexec" "$(line)"
assert_eq "only physical" "$(echo "$M"/memory/* | sed "s,$M/memory/,,g")"
unmount_vcmfs

# Read-only: everything can be read, nothing changed.
mount_vcmfs -o ro
assert_reads "$M/devices/video_dec/format" msm-smmu
assert_fails_with EROFS "$TRY" mkdir "$M/vcms/out"
assert_fails_with EROFS "$TRY" write "$M/phys/alloc" 4K
unmount_vcmfs

# One thread does the same work; -d tells of it.
mount_vcmfs -s -d
mkdir "$M/vcms/out"
assert_reads "$M/vcms/out/start" 0x0
unmount_vcmfs
grep -qi mkdir "$W/daemon.log" || fail "-d did not tell of mkdir"

# Other users see nothing, unless allow_other lets them; then modes are checked.
if [ "$(id -u)" = 0 ] && chmod 755 "$W"; then
  mount_vcmfs
  assert_fails_with EACCES "$TRY" -u 65534 stat "$M/vcms"
  unmount_vcmfs
  mount_vcmfs -o allow_other,default_permissions
  as_nobody cat "$M/devices/video_dec/format" >/dev/null
  assert_fails_with EACCES "$TRY" -u 65534 write "$M/phys/alloc" 4K
  assert_fails_with EACCES "$TRY" -u 65534 read "$M/memory/physical"
  unmount_vcmfs
fi
