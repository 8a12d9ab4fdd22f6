# A scattered buffer, its reservation, a device's eye and physical memory, read, written, mapped and copied by two processes.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

# No two pages of the buffer lie together, and none is there before it is written.
awk 'BEGIN { for (i = 0; i < 128; i++) print "4K name=p" i }' >phys/alloc
i=0
while [ $i -lt 128 ]; do
  rmdir phys/p$i
  i=$((i + 2))
done
echo "256K blocks=4K name=b" >phys/alloc
is 64 sh -c 'wc -l <phys/b/chunks'
mkdir vcms/out
echo 64M >vcms/out/len
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
echo "256K at=64K name=r" >vcms/out/reserve
ln -s phys/b vcms/out/reservations/r/backing

# Reading what was never written gives it no memory.
blocks=$(stat -c %b memory/physical)
for file in phys/b/data vcms/out/reservations/r/data; do
  head -c 256K $file | works cmp -n $((256 << 10)) - /dev/zero
done
dd if=devices/video_dec/memory bs=64K skip=1 count=4 status=none | works cmp -n $((256 << 10)) - /dev/zero
is "$blocks" stat -c %b memory/physical

works python3 "$VCMFS_REPO/Tests/MountTests/exercise.py" --seed "${EXERCISE_SEED:-1}" --steps "${EXERCISE_STEPS:-400}" \
  --size $((256 << 10)) --scattered memory/physical phys/b/chunks \
  --mapped phys/b/data=0 --mapped vcms/out/reservations/r/data=0 --mapped devices/video_dec/memory=0x10000

# All of it, by pieces of odd sizes, is what lies at its chunks' addresses.
while read -r address length; do
  dd if=memory/physical bs=4K count=$((length / 4096)) skip="$((address))" iflag=skip_bytes status=none
done <phys/b/chunks >"$W/wanted"
for size in 777 4095 4097 65537 99999 1M; do
  dd if=phys/b/data bs=$size status=none | works cmp - "$W/wanted"
  dd if=devices/video_dec/memory bs=$size skip=64K count=256K iflag=skip_bytes,count_bytes status=none |
    works cmp - "$W/wanted"
done
