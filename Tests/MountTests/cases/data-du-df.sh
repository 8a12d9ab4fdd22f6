# du is backed memory; df is physical memory.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need du df
mount_vcmfs
cd "$M"

blocks() { stat -c %b "$1"; }
mkdir vcms/out
echo "1M name=r" >vcms/out/reserve
is 0 blocks vcms/out/reservations/r/data
echo "1M name=buffer" >phys/alloc
is 2048 blocks phys/buffer/data
ln -s phys/buffer vcms/out/reservations/r/backing
is 2048 blocks vcms/out/reservations/r/data
is 1024 sh -c 'du -k vcms/out/reservations/r/data | cut -f 1'
is 1048576 sh -c 'du -b vcms/out/reservations/r/data | cut -f 1'

# df: the size of all memory types together, and what they have free.
size=0 free=0
for type in memory/*/; do
  size=$((size + $(cat "$type/size")))
  free=$((free + $(cat "$type/free")))
done
is "$size $free" sh -c "df -B1 --output=size,avail . | tail -n 1 | xargs"
echo 16M name=more >phys/alloc
is "$size $((free - 16777216))" sh -c "df -B1 --output=size,avail . | tail -n 1 | xargs"
has 'fuse.vcmfs' df -T .
