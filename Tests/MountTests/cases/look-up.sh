# at/<address>, translate/<address> and phys/at/<address>: any spelling, what is there now, ENOENT where nothing is.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

# frame is the 64K at 0x10000 or where first fit puts it; ask the tree.
address=$(cat vcms/out/reservations/frame/addr)
number=$((address))
inside=$((number + 5))
for spelling in "$address" "$number" "$(printf '0x%X' $inside)" "$(printf '0x%016x' $inside)" $inside; do
  is ../reservations/frame readlink "vcms/out/at/$spelling"
  is 65536 cat "vcms/out/at/$spelling/len"
done
# With a unit as well, and in capitals: the second reservation begins on a page of its own.
echo "64K at=1M name=mega" >vcms/out/reserve
for spelling in 1M 1m 1MB 1MiB 1024K 1024KiB 0x400K 0X100000 0X10000F 1048576 0x0000000000100000; do
  is ../reservations/mega readlink "vcms/out/at/$spelling"
  has '^reservation vcms/out/reservations/mega 0x' cat "vcms/out/translate/$spelling"
done
rmdir vcms/out/reservations/mega
assert_fails_with ENOENT "$TRY" readlink vcms/out/at/1M
for bad in x -1 0x 1.5 "$number " 0x1g 18446744073709551616 0 $((number + 65536 + 4096)); do
  assert_fails_with ENOENT "$TRY" readlink "vcms/out/at/$bad"
  assert_fails_with ENOENT "$TRY" stat "vcms/out/translate/$bad"
done
# What a person wants to see: where each reservation begins.
same 'ls vcms/out/at | sort' 'cat vcms/out/reservations/*/addr | sort'
is '' ls vcms/out/translate

# translate: the physical byte, the reservation with the offset, and the same byte in other regions.
physical=$(awk 'NR == 1 { print $1 }' phys/buffer/chunks)
translated() {
  printf 'phys 0x%x\nreservation vcms/out/reservations/frame 0x%x\n' $((physical + $1)) "$1"
}
is "$(translated 5)" cat "vcms/out/translate/$inside"
mkdir vcms/in
echo "64K at=1M name=same" >vcms/in/reserve
ln -s phys/buffer vcms/in/reservations/same/backing
is "$(translated 5)${NL}vcm vcms/in/reservations/same 0x100005" cat "vcms/out/translate/$inside"
has '^phys none$' cat "vcms/out/translate/$(cat vcms/out/reservations/spare/addr)"

# phys/at: every buffer and reservation over a physical byte.
is "buffer phys/buffer 0x5${NL}reservation vcms/in/reservations/same 0x100005${NL}reservation vcms/out/reservations/frame $(printf '0x%x' $inside)" \
  sh -c "sort phys/at/$((physical + 5))"
is '' cat phys/at/0x8ffff000
assert_fails_with ENOENT "$TRY" stat phys/at/nowhere

# They say what is so now, not what was so when they were first looked up.
mv vcms/in vcms/other
has '^vcm vcms/other/reservations/same 0x100005$' cat "vcms/out/translate/$inside"
rm vcms/other/reservations/same/backing
is "$(translated 5)" cat "vcms/out/translate/$inside"
mv vcms/out/reservations/frame vcms/out/reservations/picture
is ../reservations/picture readlink "vcms/out/at/$inside"
rm vcms/out/reservations/picture/backing
rmdir vcms/out/reservations/picture
assert_fails_with ENOENT "$TRY" readlink "vcms/out/at/$inside"
assert_fails_with ENOENT "$TRY" stat "vcms/out/translate/$inside"
