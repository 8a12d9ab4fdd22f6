# After a write the same open file gives the names made; a fresh one gives the grammar.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 1M >vcms/out/len
exec 3<>vcms/out/reserve
echo 64K >&3
read -r name <&3
exec 3>&-
assert_eq r0 "$name"
assert_exists "vcms/out/reservations/$name"

is "r1" "$TRY" ask vcms/out/reserve "64K$NL"
is "r2${NL}video${NL}r3" "$TRY" ask vcms/out/reserve "64K${NL}64K name=video${NL}64K$NL"
# Nothing made, no name.
assert_fails_with write:EINVAL "$TRY" ask vcms/out/reserve "64K${NL}banana$NL"
is r4 "$TRY" ask vcms/out/reserve "4K$NL"

# One open file, write after write: every name, once.
exec 3<>vcms/out/reserve
echo "4K name=one" >&3
read -r name <&3
assert_eq one "$name"
echo "4K name=two" >&3
read -r name <&3
assert_eq two "$name"
exec 3>&-

# A fresh open says how to write.
has 'name=' cat vcms/out/reserve
has 'align=' cat vcms/out/reserve
same 'cat vcms/out/reserve' 'cat vcms/out/reserve'

exec 3<>phys/alloc
echo 64K >&3
read -r name <&3
exec 3>&-
assert_eq b0 "$name"
is "b1${NL}buffer" "$TRY" ask phys/alloc "4K${NL}4K name=buffer$NL"
has 'blocks=' cat phys/alloc
