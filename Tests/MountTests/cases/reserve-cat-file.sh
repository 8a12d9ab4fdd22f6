# cat FILE > reserve does what the file says, in the order of its lines.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
cat >"$W/plan" <<'END'
512K align=64K name=res_64k
16M align=16M name=res_16M prot=r

4K name=last
END
cat "$W/plan" >vcms/out/reserve
is "last${NL}res_16M${NL}res_64k" ls vcms/out/reservations
assert_reads vcms/out/reservations/res_64k/addr 0x0
assert_reads vcms/out/reservations/res_16M/addr 0x1000000
assert_reads vcms/out/reservations/last/addr 0x80000
