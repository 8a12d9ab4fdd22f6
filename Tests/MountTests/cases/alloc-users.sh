# phys/<buf>/users links to each reservation that the buffer backs; rmdir is EBUSY until the last is gone.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/one vcms/two
echo "64K name=r" >vcms/one/reserve
echo "128K name=s" >vcms/two/reserve
echo "64K name=buffer" >phys/alloc
is '' ls phys/buffer/users
ln -s phys/buffer vcms/one/reservations/r/backing
ln -s phys/buffer vcms/two/reservations/s/backing
is 2 sh -c 'ls phys/buffer/users | wc -l'
same 'for link in phys/buffer/users/*; do readlink -f "$link"; done | sort' \
  'readlink -f vcms/one/reservations/r vcms/two/reservations/s | sort'
# They are not ours to take away.
for link in phys/buffer/users/*; do
  if quiet "$TRY" unlink "$link"; then fail "a back-link was removed"; fi
done
if quiet "$TRY" symlink x phys/buffer/users/9; then fail "a back-link was made"; fi

nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir phys/buffer
says 'buffer'
rm vcms/one/reservations/r/backing
is 1 sh -c 'ls phys/buffer/users | wc -l'
assert_fails_with rmdir:EBUSY "$TRY" rmdir phys/buffer
rm vcms/two/reservations/s/backing
is '' ls phys/buffer/users
rmdir phys/buffer
assert_missing phys/buffer
