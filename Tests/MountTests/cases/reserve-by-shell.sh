# The shell's own echo, printf, cat, tee and dd may all write requests; for good input they mean the same.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 1M >vcms/out/len
check() {
  is "a${NL}b${NL}c" ls vcms/out/reservations
  assert_reads vcms/out/reservations/a/addr 0x0
  assert_reads vcms/out/reservations/b/addr 0x10000
  assert_reads vcms/out/reservations/c/addr 0x20000
  rmdir vcms/out/reservations/*
}
text="64K name=a${NL}64K name=b${NL}64K name=c"
# bash's echo writes line by line, dash's all at once.
echo "$text" >vcms/out/reserve
check
echo "$text" >>vcms/out/reserve
check
printf '%s\n' "$text" >vcms/out/reserve
check
printf '%s' "$text" >vcms/out/reserve
check
echo "$text" >"$W/requests"
cat "$W/requests" >vcms/out/reserve
check
cp "$W/requests" vcms/out/reserve
check
dd if="$W/requests" of=vcms/out/reserve status=none
check
tee vcms/out/reserve <"$W/requests" >/dev/null
check
{
  echo "64K name=a"
  echo "64K name=b"
  echo "64K name=c"
} >vcms/out/reserve
check
: >vcms/out/reserve
is '' ls vcms/out/reservations

# Bad input in a transaction of its own fails alone.
if printf '64K name=a\n64K name=a\n' | "$TRY" write vcms/out/reserve - 2>"$W/err"; then fail "EEXIST was expected"; fi
is 'write: EEXIST' cat "$W/err"
is '' ls vcms/out/reservations
