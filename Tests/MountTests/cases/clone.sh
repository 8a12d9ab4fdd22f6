# clone: a copy at that moment of range, bounds, reservations and backings; what changes later is each one's own.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

mkdir vcms/out/bounds/video
echo 1M >vcms/out/bounds/video/len
echo "4K name=inside" >vcms/out/bounds/video/reserve
mkdir vcms/copy
nothing_changes put_fails ENOENT vcms/copy/clone none
says none
nothing_changes put_fails EINVAL vcms/copy/clone copy
nothing_changes put_fails EINVAL vcms/copy/clone ''
put vcms/copy/clone out
for file in start len type free largest_free; do same "cat vcms/out/$file" "cat vcms/copy/$file"; done
same 'ls vcms/out/reservations' 'ls vcms/copy/reservations'
same 'cd vcms/out/reservations && grep -r . */addr */len */attr */align' \
  'cd vcms/copy/reservations && grep -r . */addr */len */attr */align'
same 'cat vcms/out/bounds/video/start vcms/out/bounds/video/free' 'cat vcms/copy/bounds/video/start vcms/copy/bounds/video/free'
same 'readlink -f vcms/copy/reservations/frame/backing' 'readlink -f phys/buffer'
is 2 sh -c 'ls phys/buffer/users | wc -l'
# Nobody sees the new space yet.
is '' ls vcms/copy/devices

# Each its own from here on; the memory is the same.
rm vcms/copy/reservations/frame/backing
rmdir vcms/copy/reservations/frame
assert_exists vcms/out/reservations/frame/backing
is 1 sh -c 'ls phys/buffer/users | wc -l'
echo "prot=r" >vcms/copy/reservations/spare/attr
assert_reads vcms/out/reservations/spare/attr 'prot=rw cache=none user'
# A region in use is nobody's copy; a path names a region as well.
nothing_changes put_fails EBUSY vcms/copy/clone out
mkdir vcms/third
put vcms/third/clone vcms/out
assert_exists vcms/third/reservations/inside
