# Somebody else makes the memory file shorter, so that tables have no memory: to activate and to back are EIO and change nothing,
# and the daemon goes on. What needs no tables can still be done.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"

# A region with an inactive device and a buffer behind it, and one with an active device and nothing behind it.
prepare() {
  mkdir vcms/one vcms/two
  echo 64K >vcms/one/reserve
  echo 64K >vcms/two/reserve
  echo "64K name=buffer" >phys/alloc
  ln -s phys/buffer vcms/one/reservations/r0/backing
  ln -s devices/video_dec vcms/one/devices/video_dec
  ln -s devices/display vcms/two/devices/display
  echo 1 >vcms/two/associations/display/active
}

mount_vcmfs --memory "$W/activate"
cd "$M"
prepare
truncate -s 0 "$W/activate"
nothing_changes put_fails EIO vcms/one/associations/video_dec/active 1
says 'EIO: .*memory file' vcms/one/associations/video_dec
assert_reads vcms/one/associations/video_dec/active 0
is '' cat vcms/one/associations/video_dec/root
rm vcms/one/devices/video_dec vcms/one/reservations/r0/backing
rmdir vcms/one/reservations/r0 vcms/one phys/buffer
cd /
unmount_vcmfs

mount_vcmfs --memory "$W/back"
cd "$M"
prepare
truncate -s 0 "$W/back"
nothing_changes assert_fails_with symlink:EIO "$TRY" symlink phys/buffer vcms/two/reservations/r0/backing
says 'EIO: .*memory file' vcms/two/reservations/r0
echo 0 >vcms/two/associations/display/active
rm vcms/two/devices/display
rmdir vcms/two/reservations/r0 vcms/two
