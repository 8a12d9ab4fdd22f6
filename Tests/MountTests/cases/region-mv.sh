# mv renames a region: everything that led to it leads to it under the new name.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/other
ln -s devices/video_dec vcms/out/devices/video_dec
echo "64K name=first" >vcms/out/reserve
echo 64K name=buffer >phys/alloc
echo 1 >vcms/out/active
ln -s phys/buffer vcms/out/reservations/first/backing
unchanged 'cat vcms/*/associations/video_dec/root; stat -c %i vcms/*/reservations/first'
is first sh -c 'cd phys/buffer/users && basename "$(readlink *)"'

mv vcms/out vcms/in
assert_missing vcms/out
still
assert_exists vcms/in/reservations/first/addr
is in ls devices/video_dec/vcms
same 'readlink -f devices/video_dec/vcms/in' 'readlink -f vcms/in'
same 'readlink -f phys/buffer/users/*' 'readlink -f vcms/in/reservations/first'
same 'readlink -f vcms/in/devices/video_dec' 'readlink -f devices/video_dec'
same 'readlink -f vcms/in/reservations/first/backing' 'readlink -f phys/buffer'
has 'in' head -n 1 vcms/in/pagetable

# Not over another, not under a bad name, not out of its directory.
assert_fails_with rename:EEXIST "$TRY" rename vcms/in vcms/other
assert_fails_with rename:EINVAL "$TRY" rename vcms/in vcms/.in
assert_fails_with rename:ENAMETOOLONG "$TRY" rename vcms/in "vcms/$(printf '%0256d' 0)"
assert_fails_with rename:ENOENT "$TRY" rename vcms/none vcms/some
if quiet "$TRY" rename vcms/in phys/in; then fail "a region moved into phys"; fi
if quiet "$TRY" rename vcms/in in; then fail "a region moved into the root"; fi
is "in${NL}other" ls vcms
mv vcms/in vcms/in 2>/dev/null || true
is "in${NL}other" ls vcms
