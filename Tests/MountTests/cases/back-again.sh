# back again: EALREADY for the buffer that is there, EADDRINUSE for another; a link of another name is told its right one.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
echo "64K name=same" >phys/alloc
echo "64K name=other" >phys/alloc
r=vcms/out/reservations/r

# Not backed yet: the name is what is wrong, and the target if that is.
nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink phys/same $r/same
says "must be named 'backing', not 'same'" $r
nothing_changes assert_fails_with symlink:ENOENT "$TRY" symlink phys/none $r/none
nothing_changes assert_fails_with symlink:EPERM "$TRY" symlink devices/dma $r/dma

ln -s phys/same $r/backing
# ln -s FILE DIRECTORY/ makes a link named after the file.
nothing_changes assert_fails_with EALREADY ln -s ../../../../phys/same $r/
says "EALREADY: reservation 'r' is backed by 'same' already" $r
nothing_changes assert_fails_with EADDRINUSE ln -s ../../../../phys/other $r/
says "EADDRINUSE: reservation 'r' is backed by 'same'; remove that first" $r
nothing_changes assert_fails_with symlink:EALREADY "$TRY" symlink phys/same $r/same
nothing_changes assert_fails_with symlink:EADDRINUSE "$TRY" symlink phys/other $r/other
# ln -sf makes its link beside the old one, to move it over that.
nothing_changes assert_fails_with EALREADY ln -sfT phys/same $r/backing
nothing_changes assert_fails_with EADDRINUSE ln -sfT phys/other $r/backing
says "EADDRINUSE: reservation 'r' is backed by 'same'; remove that first"
# Without T, ln follows the backing and wants to make a link in the buffer's directory.
nothing_changes assert_fails_with EPERM ln -s phys/other $r/backing
says 'phys/same.*ln -sT'
# Under the name itself, the kernel finds the link before vcmfs is asked.
nothing_changes assert_fails_with symlink:EEXIST "$TRY" symlink phys/same $r/backing
rm $r/backing
ln -sfT phys/other $r/backing 2>/dev/null || fail "ln -sf is refused where there is no backing"
is "$(readlink -f phys/other)" readlink -f $r/backing
