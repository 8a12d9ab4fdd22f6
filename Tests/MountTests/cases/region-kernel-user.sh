# kernel and user regions: the CPU is associated and active from the start, and is not a use.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

for type in kernel user; do
  mkdir "vcms/$type"
  echo "$type" >"vcms/$type/type"
  is cpu0 ls "vcms/$type/associations"
  assert_reads "vcms/$type/associations/cpu0/active" 1
  assert_reads "vcms/$type/active" 1
  # It does not count as a use.
  echo 256M >"vcms/$type/len"
  echo 0x40000000 >"vcms/$type/start"
  # What the processor cannot see is no place for it.
  nothing_changes put_fails ERANGE "vcms/$type/start" 4G
  says cpu0 "vcms/$type"
  # It cannot be taken away while the region has its type.
  put_fails EBUSY "vcms/$type/associations/cpu0/active" 0
  assert_reads "vcms/$type/associations/cpu0/active" 1
done
# Both at once on one CPU.
is "kernel${NL}user" ls devices/cpu0/vcms

echo 1M name=buffer >phys/alloc
for type in kernel user; do
  echo 1M name=r >"vcms/$type/reserve"
  ln -s phys/buffer "vcms/$type/reservations/r/backing"
  has '^[^#]' cat "vcms/$type/associations/cpu0/pagetable"
  has '^table=0x94' head -n 1 "vcms/$type/associations/cpu0/root"
done
printf x >vcms/user/reservations/r/data
is x head -c 1 vcms/kernel/reservations/r/data

# The association goes with the type, and with the region.
for type in kernel user; do
  rm "vcms/$type/reservations/r/backing"
  rmdir "vcms/$type/reservations/r"
done
echo device >vcms/user/type
is '' ls vcms/user/associations
is kernel ls devices/cpu0/vcms
rmdir vcms/user vcms/kernel
is '' ls devices/cpu0/vcms
assert_reads memory/tables/free 67108864
