# The files of a reservation: addr, len, attr, align; which can be written, and when.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 0x1000 >vcms/out/start
echo 16M >vcms/out/len
echo "64K align=64K prot=rx cache=wt name=r" >vcms/out/reserve
cd vcms/out/reservations/r
assert_reads addr 0x10000
assert_reads len 65536
assert_reads attr 'prot=rx cache=wt user'
assert_reads align 65536
assert_missing backing
for file in addr len attr align data last_error; do [ -f "$file" ] || fail "no $file"; done
for file in addr len; do
  if quiet "$TRY" write "$file" "4096$NL"; then fail "$file was written"; fi
done
assert_reads addr 0x10000
assert_reads len 65536

# attr: whole, at any time; what is not said is the default.
put attr 'prot=rw cache=wb-wa supervisor'
assert_reads attr 'prot=rw cache=wb-wa supervisor'
for bad in 'prot=q' 'cache=hot' 'colour=red' 'user supervisor' 'align=4K' 'name=x' '4K'; do
  nothing_changes put_fails EINVAL attr "$bad"
done
says . .
assert_reads attr 'prot=rw cache=wb-wa supervisor'
