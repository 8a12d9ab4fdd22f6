# cp -r, tar and rsync copy the tree out; diff -r of two copies, and of copy and tree, finds nothing. (Not of devices,
# whose memory faults where nothing is mapped.)
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need rsync tar diff
mount_vcmfs
topology
cd "$M"

for part in vcms phys formats; do
  cp -r "$part" "$W/cp-$part"
  works diff -r --no-dereference -x last_error "$part" "$W/cp-$part"
done
cp -r vcms "$W/again"
works diff -r --no-dereference "$W/cp-vcms" "$W/again"
is 'seen through every tool' head -c 23 "$W/cp-phys/buffer/data"
is ../../../../phys/buffer readlink "$W/cp-vcms/out/reservations/frame/backing"

mkdir "$W/tar" "$W/rsync"
tar -cf "$W/tree.tar" vcms phys formats 2>"$W/tar.err"
is '' cat "$W/tar.err"
tar -xf "$W/tree.tar" -C "$W/tar"
works rsync -a --quiet vcms phys formats "$W/rsync/"
for part in vcms phys formats; do
  works diff -r --no-dereference -x last_error "$part" "$W/tar/$part"
  works diff -r --no-dereference -x last_error "$part" "$W/rsync/$part"
done
# What has not changed is not copied again.
is '' rsync -a --out-format=%n vcms phys formats "$W/rsync/"
