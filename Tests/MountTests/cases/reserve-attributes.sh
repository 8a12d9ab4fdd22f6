# reserve: prot=, cache=, user, supervisor and secure are kept, shown, and can be written back.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo "4K name=default" >vcms/out/reserve
assert_reads vcms/out/reservations/default/attr 'prot=rw cache=none user'
check() {
  echo "4K name=r $1" >vcms/out/reserve
  assert_reads vcms/out/reservations/r/attr "$2"
  cat vcms/out/reservations/r/attr >"$W/attr"
  cat "$W/attr" >vcms/out/reservations/r/attr
  assert_reads vcms/out/reservations/r/attr "$2"
  rmdir vcms/out/reservations/r
}
check 'prot=r' 'prot=r cache=none user'
check 'prot=rwx' 'prot=rwx cache=none user'
check 'prot=rx' 'prot=rx cache=none user'
check 'prot=w' 'prot=w cache=none user'
check 'prot=x' 'prot=x cache=none user'
for policy in none wb-wa wb-nwa wt; do check "cache=$policy" "prot=rw cache=$policy user"; done
check 'supervisor' 'prot=rw cache=none supervisor'
check 'user' 'prot=rw cache=none user'
check 'secure' 'prot=rw cache=none user secure'
check 'secure prot=rx cache=wt supervisor' 'prot=rx cache=wt supervisor secure'
