# One open pagetable shows one moment, however the table changes while it is read.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
echo "16M blocks=4K name=buffer" >phys/alloc
echo "16M at=0x1000 name=r" >vcms/out/reserve
ln -s phys/buffer vcms/out/reservations/r/backing
for file in pagetable pagetable.bin pagetable.json; do
  cp vcms/out/associations/video_dec/$file "$W/$file.before"
done
exec 3<vcms/out/associations/video_dec/pagetable 4<vcms/out/associations/video_dec/pagetable.bin \
  5<vcms/out/associations/video_dec/pagetable.json 6<vcms/out/pagetable
for fd in 3 4 5 6; do dd bs=10 count=1 status=none <&$fd >"$W/$fd"; done
# Everything goes, and something else comes.
rm vcms/out/reservations/r/backing
rmdir vcms/out/reservations/r
echo "64K name=s" >vcms/out/reserve
echo "64K name=other" >phys/alloc
ln -s phys/other vcms/out/reservations/s/backing
for fd in 3 4 5; do cat <&$fd >>"$W/$fd"; done
exec 3<&- 4<&- 5<&- 6<&-
for pair in 3:pagetable 4:pagetable.bin 5:pagetable.json; do
  works cmp "$W/${pair%%:*}" "$W/${pair#*:}.before"
done
# A new open shows the new moment.
if quiet cmp "$W/3" vcms/out/associations/video_dec/pagetable; then fail "a new open shows the old table"; fi
