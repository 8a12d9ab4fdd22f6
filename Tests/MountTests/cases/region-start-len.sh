# start and len of a region: rw in every spelling until the region is in use, EBUSY after.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
assert_reads vcms/out/start 0x0
assert_reads vcms/out/len 4294967296
assert_reads vcms/out/type device

check_len() {
  put vcms/out/len "$1"
  assert_reads vcms/out/len "$2"
}
check_len 128M 134217728
check_len 0x10000000 268435456
check_len 4096 4096
check_len 64K 65536
check_len 64KB 65536
check_len 64KiB 65536
check_len 2MB 2097152
check_len 2MiB 2097152
check_len 1G 1073741824
check_len 3T 3298534883328
check_len 128M 134217728
put vcms/out/start 4096
assert_reads vcms/out/start 0x1000
put vcms/out/start 1M
assert_reads vcms/out/start 0x100000
put vcms/out/start 0xABCDE000
assert_reads vcms/out/start 0xabcde000
put vcms/out/start 0x1000
# Without a newline, with spaces around, appended: the same.
printf 8K >vcms/out/len
assert_reads vcms/out/len 8192
printf '  16K \n' >vcms/out/len
assert_reads vcms/out/len 16384
echo 32K >>vcms/out/len
assert_reads vcms/out/len 32768
# What was read can be written back.
cat vcms/out/start >"$W/start"
cat "$W/start" >vcms/out/start
assert_reads vcms/out/start 0x1000

for bad in '' x 1x 0x 0xg 12Q 1.5M -4096 '4096 8192' 4KK 0; do
  nothing_changes put_fails EINVAL vcms/out/len "$bad"
  says .
  says . vcms/out
done
for bad in '' x 0x 1..2 -1; do nothing_changes put_fails EINVAL vcms/out/start "$bad"; done
# Less than the smallest page, not a multiple of it, more than 64 bits.
nothing_changes put_fails EINVAL vcms/out/len 4095
nothing_changes put_fails EINVAL vcms/out/len 6000
says 6000
nothing_changes put_fails EINVAL vcms/out/start 0x1001
says 0x1001
for huge in 18446744073709551616 0x10000000000000000 99999999T 184467440737095516160; do
  if quiet "$TRY" write vcms/out/len "$huge$NL"; then fail "len took $huge"; fi
  if quiet "$TRY" write vcms/out/start "$huge$NL"; then fail "start took $huge"; fi
done
assert_reads vcms/out/start 0x1000
assert_reads vcms/out/len 32768

# The region may end at the very end of the address space, not after it.
put vcms/out/start 0xffffffffffff8000
assert_reads vcms/out/start 0xffffffffffff8000
assert_reads vcms/out/len 32768
if quiet "$TRY" write vcms/out/start 0xffffffffffff9000; then fail "the region wraps around"; fi
assert_reads vcms/out/start 0xffffffffffff8000
put vcms/out/start 0

# In use: by a reservation, then by an association.
echo 4K >vcms/out/reserve
for field in start len; do put_fails EBUSY "vcms/out/$field" 0x10000; done
put_fails EBUSY vcms/out/type user
says 'out'
rmdir vcms/out/reservations/r0
put vcms/out/len 64K
ln -s devices/dma vcms/out/devices/dma
for field in start len; do put_fails EBUSY "vcms/out/$field" 0x10000; done
put_fails EBUSY vcms/out/type kernel
rm vcms/out/devices/dma
put vcms/out/len 128K
assert_reads vcms/out/len 131072
