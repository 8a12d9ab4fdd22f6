# back: EINVAL for a longer buffer, a shorter one is allowed; a second link is the kernel's own EEXIST.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
echo "64K name=s" >vcms/out/reserve
echo "64K name=same" >phys/alloc
echo "64K name=other" >phys/alloc
echo "128K name=longer" >phys/alloc
echo "4K name=shorter" >phys/alloc
back() { "$TRY" symlink "phys/$1" "vcms/out/reservations/$2/backing"; }

nothing_changes assert_fails_with symlink:EINVAL "$TRY" symlink phys/longer vcms/out/reservations/r/backing
says '131072|65536'
back same r
is "$(readlink -f phys/same)" readlink -f vcms/out/reservations/r/backing
# The engine's EALREADY and EADDRINUSE cannot be seen here: where there is a name, symlink(2) does not ask further.
nothing_changes assert_fails_with symlink:EEXIST "$TRY" symlink phys/same vcms/out/reservations/r/backing
nothing_changes assert_fails_with symlink:EEXIST "$TRY" symlink phys/other vcms/out/reservations/r/backing
# ln -f makes a link beside it and moves that over: refused, and the backing is what it was.
if quiet ln -sfn phys/other vcms/out/reservations/r/backing; then fail "ln -sf changed a backing in place"; fi
is "$(readlink -f phys/same)" readlink -f vcms/out/reservations/r/backing
# One buffer may back two reservations.
back same s
rm vcms/out/reservations/r/backing
rm vcms/out/reservations/s/backing
assert_missing vcms/out/reservations/r/backing
assert_fails_with unlink:ENOENT "$TRY" unlink vcms/out/reservations/r/backing
back shorter r
is 4096 sh -c 'wc -c <vcms/out/reservations/r/data'
rm vcms/out/reservations/r/backing
is '' sh -c 'cat vcms/out/reservations/r/data 2>/dev/null'
