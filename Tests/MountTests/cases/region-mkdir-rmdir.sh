# A region is made by mkdir with its files and directories, and freed by rmdir.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

is '' ls vcms
mkdir vcms/out
is out ls vcms
for file in start len type free largest_free reserve active pagetable last_error; do
  [ -f "vcms/out/$file" ] || fail "no file vcms/out/$file"
done
for directory in reservations devices associations; do
  [ -d "vcms/out/$directory" ] || fail "no directory vcms/out/$directory"
  is '' ls "vcms/out/$directory"
done
assert_fails_with mkdir:EEXIST "$TRY" mkdir vcms/out
assert_fails_with rmdir:ENOENT "$TRY" rmdir vcms/none
mkdir vcms/b vcms/a
is "a${NL}b${NL}out" ls vcms
rmdir vcms/out
assert_missing vcms/out
is "a${NL}b" ls vcms
mkdir vcms/out
assert_reads vcms/out/start 0x0
# The fixed directories are not ours to make or take away.
for fixed in vcms devices phys memory formats; do
  if quiet "$TRY" rmdir "$fixed"; then fail "rmdir $fixed was accepted"; fi
  assert_exists "$fixed"
done
# Those of a region can be taken away, as rm -r does, and are there again when the region is looked at anew.
for fixed in reservations devices associations; do
  rmdir "vcms/out/$fixed"
  is "$fixed" sh -c "ls vcms/out | grep -x $fixed"
done
if quiet "$TRY" mkdir new; then fail "mkdir at the root was accepted"; fi
if quiet "$TRY" mkdir vcms/out/new; then fail "mkdir in a region was accepted"; fi
if quiet "$TRY" mkdir vcms/out/reservations/new; then fail "a reservation needs a length: mkdir was accepted"; fi
