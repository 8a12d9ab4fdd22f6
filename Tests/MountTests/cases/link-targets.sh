# ln -s: a target relative to the link, to the mount or absolute; readlink gives the one relative path that resolves.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "64K name=r" >vcms/out/reserve
echo "64K name=buffer" >phys/alloc
for target in devices/dma ../../../devices/dma "$M/devices/dma" /somewhere/else/devices/dma devices/dma/ ./devices/dma; do
  "$TRY" symlink "$target" vcms/out/devices/dma
  is ../../../devices/dma readlink vcms/out/devices/dma
  is iommu sh -c 'cat devices/video_dec/type'
  is one-to-one cat vcms/out/devices/dma/type
  is dma ls vcms/out/associations
  rm vcms/out/devices/dma
  is '' ls vcms/out/associations
done
for target in phys/buffer ../../../../phys/buffer "$M/phys/buffer"; do
  "$TRY" symlink "$target" vcms/out/reservations/r/backing
  is ../../../../phys/buffer readlink vcms/out/reservations/r/backing
  is 65536 cat vcms/out/reservations/r/backing/len
  rm vcms/out/reservations/r/backing
done

# By ln from inside, as a person would.
(cd vcms/out/devices && ln -s ../../../devices/dma)
is dma ls vcms/out/devices
rm vcms/out/devices/dma

# Nothing there, or something of the wrong kind.
no() {
  wanted=$1
  shift
  nothing_changes assert_fails_with "symlink:$wanted" "$TRY" symlink "$@"
  says .
}
no ENOENT devices/none vcms/out/devices/none
# One word cannot name an object: it takes the two last of its path.
no EINVAL none vcms/out/devices/none
no ENOENT phys/none vcms/out/reservations/r/backing
no EINVAL phys/buffer vcms/out/devices/buffer
no EINVAL vcms/out vcms/out/devices/out
no EINVAL devices/dma vcms/out/reservations/r/backing
no EINVAL vcms/out vcms/out/reservations/r/backing
# The link is named as the device.
no EINVAL devices/dma vcms/out/devices/other
# Twice.
ln -s devices/dma vcms/out/devices/dma
no EEXIST devices/dma vcms/out/devices/dma

# Nowhere else.
for place in link vcms/link phys/link devices/link vcms/out/link vcms/out/reservations/link vcms/out/reservations/r/link \
  formats/link memory/link vcms/out/associations/link; do
  if quiet "$TRY" symlink devices/dma "$place"; then fail "a link was made at $place"; fi
  assert_missing "$place"
done
# No hard links, no special files.
if quiet "$TRY" link vcms/out/start vcms/out/begin; then fail "a hard link was made"; fi
if quiet "$TRY" mknod vcms/out/fifo; then fail "a fifo was made"; fi
