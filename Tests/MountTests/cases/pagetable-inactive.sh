# root and the three forms of pagetable while inactive: no table, no entries; their sizes tell the truth.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
echo "64K name=r" >vcms/out/reserve
cd vcms/out/associations/video_dec
for file in root pagetable pagetable.bin pagetable.json; do
  is "$(stat -c %s $file)" sh -c "cat $file | wc -c"
done
is 0 sh -c "grep -vc '^#' pagetable || true"
is 0 stat -c %s pagetable.bin
hasnt '^table=0x' cat root
echo 1 >active
has '^table=0x94' head -n 1 root
has '^levels=2$' cat root
has '^input_bits=32$' cat root
has '^ttbr0=0x[0-9a-f]+$' cat root
for file in root pagetable pagetable.bin pagetable.json; do
  is "$(stat -c %s $file)" sh -c "cat $file | wc -c"
  if quiet "$TRY" write $file x; then fail "$file was written"; fi
done
is 16384 stat -c %s pagetable.bin
echo 0 >active
hasnt '^table=0x' cat root
is 0 stat -c %s pagetable.bin
