# mount-scripts/examples/systemd: the units and the fstab line are what systemd and mount(8) take; a service's commands work.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need systemd-analyze findmnt
example=$VCMFS_REPO/mount-scripts/examples/systemd
# The unit names a binary that need not be installed here.
mkdir "$W/units"
cp "$example/srv-vcmfs.mount" "$W/units"
sed "s|/usr/local/bin/vcmfs|$VCMFS|" "$example/vcmfs.service" >"$W/units/vcmfs.service"
for unit in srv-vcmfs.mount vcmfs.service; do
  systemd-analyze --man=no verify "$W/units/$unit" >"$W/verify" 2>&1 || fail "$unit: $(cat "$W/verify")"
  assert_lacks "$(cat "$W/verify")" "$unit"
done
findmnt --verify --tab-file "$example/fstab" >"$W/verify" 2>&1 || :
# findmnt looks for the place, the type in /proc/filesystems and the helper; what it must not find is an error of syntax.
assert_contains "$(cat "$W/verify")" "0 parse errors"
assert_matches '/srv/vcmfs' "$(findmnt --fstab --tab-file "$example/fstab" -n -o TARGET)"
assert_eq vcmfs "$(findmnt --fstab --tab-file "$example/fstab" -n -o FSTYPE)"

# The service's own commands, at another place.
mkdir "$M"
cp "$VCMFS_REPO/mount-scripts/examples/video-playback/platform.yaml" "$W/platform.yaml"
command=$(sed -n 's/^ExecStart=//p' "$example/vcmfs.service" |
  sed "s|/usr/local/bin/vcmfs|exec $VCMFS|; s|/etc/vcmfs|$W|; s|/srv/vcmfs|$M|")
[ "$(id -u)" = 0 ] || skip "only root may say allow_other"
sh -c "$command" >"$W/daemon.log" 2>&1 &
daemon=$!
sh -c "$(sed -n 's/^ExecStartPost=\/bin\/sh -c .\(until.*\).$/\1/p' "$example/vcmfs.service" | sed "s|/srv/vcmfs|$M|")"
assert_exists "$M/vcms"
unmount_vcmfs
