# mount-scripts/save-topology: a topology as text, played in a fresh mount, is the same there; compare says what changed.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need awk join
mount_vcmfs
save=$VCMFS_REPO/mount-scripts/save-topology
compare=$VCMFS_REPO/mount-scripts/examples/comparing-topologies/compare
# An empty one is a script, too.
"$save" "$M" >"$W/empty.sh" || fail "an empty mount cannot be saved"
works sh -n "$W/empty.sh"

# Everything there is, made in an order and with holes that a fresh mount would not give again.
topology
cd "$M"
cat state.json >"$W/start.json"
mkdir devices/gpu
echo "intel-vtd levels=3" >devices/gpu/format
echo 2000 >devices/gpu/fault_timeout
echo hook >devices/gpu/on_fault
printf '64K name=hole1\n1M name=hole2\n' >phys/alloc
echo "1300K blocks=4K,64K,1M name=pieces" >phys/alloc
rmdir phys/hole1 phys/hole2
echo "3M blocks=64K,4K name=scattered" >phys/alloc
echo "2M contiguous align=1M memtype=mt1 name=whole" >phys/alloc
echo "64K at=0x10000000 name=mmio" >phys/alloc
echo "64K at=$(awk 'NR == 1 { print $1 }' phys/whole/chunks) name=part" >phys/alloc
mkdir vcms/graphics
echo 0x100000000 >vcms/graphics/start
echo 16G >vcms/graphics/len
mkdir vcms/graphics/bounds/first vcms/graphics/bounds/second vcms/graphics/bounds/empty
echo "3M name=low" >vcms/graphics/reserve
echo 1M >vcms/graphics/bounds/first/len
echo "5M name=middle" >vcms/graphics/reserve
echo 1G >vcms/graphics/bounds/second/len
rmdir vcms/graphics/reservations/low vcms/graphics/reservations/middle
mkdir vcms/graphics/bounds/third
echo 512K >vcms/graphics/bounds/third/len
printf '64K bound=second align=64K\n4K bound=first name=in-first\n' >vcms/graphics/reserve
printf '3M align=2M name=scattered prot=r cache=wt\n1300K at=0x300000000 name=pieces prot=rwx\n' >vcms/graphics/reserve
ln -s phys/scattered vcms/graphics/reservations/scattered/backing
ln -s phys/pieces vcms/graphics/reservations/pieces/backing
ln -s devices/gpu vcms/graphics/devices/gpu
echo 1 >vcms/graphics/active
mkdir vcms/kernel vcms/direct "vcms/it's odd"
echo kernel >vcms/kernel/type
echo "2M name=whole cache=wb-wa supervisor" >vcms/kernel/reserve
ln -s phys/whole vcms/kernel/reservations/whole/backing
echo 64M >vcms/direct/len
echo 0x90000000 >vcms/direct/start
echo one-to-one >vcms/direct/type
ln -s devices/dma vcms/direct/devices/dma
mv phys/buffer 'phys/buffer of $HOME'
echo "4K name=x" >"vcms/it's odd/reserve"
mv "vcms/it's odd/reservations/x" "vcms/it's odd/reservations/'two'  \"words\""
rmdir devices/pci0

cat state.json >"$W/saved.json"
"$save" "$M" >"$W/saved.sh" || fail "cannot be saved"
"$save" "$M" >"$W/again.sh"
works cmp "$W/saved.sh" "$W/again.sh"
(cd "$M" && find vcms phys -name at -prune -o -name users -prune -o -type l -printf '%p %l\n' | sort) >"$W/links"
# Not into a mount that has something.
quiet sh "$W/saved.sh" && fail "played over another topology"
cd "$W"
unmount_vcmfs

mount_vcmfs
cd "$M"
sh "$W/saved.sh" >"$W/play.out" 2>&1 || fail "cannot be played: $(cat "$W/play.out") $(last_error)"
assert_eq "" "$(cat "$W/play.out")"
diff -u "$W/saved.json" state.json || fail "state.json differs"
find vcms phys -name at -prune -o -name users -prune -o -type l -printf '%p %l\n' | sort | diff -u "$W/links" - || fail "links differ"
"$save" "$M" | diff -u "$W/saved.sh" - || fail "saved again, it differs"
assert_reads devices/gpu/on_fault hook
assert_reads devices/gpu/fault_timeout 2000

# What has changed since the beginning, in words.
"$compare" "$W/start.json" "$W/saved.json" >"$W/compared" || fail "compare failed"
for line in '- devices/pci0' '+ devices/gpu' '- buffers/buffer' '+ buffers/buffer of $HOME' '+ regions/graphics' \
  '+ regions/graphics/bounds/second' '+ regions/graphics/associations/gpu' '~ regions/out/reservations/frame'; do
  grep -qxF -e "$line" "$W/compared" || fail "not there: $line
  in: $(cat "$W/compared")"
done
assert_eq "" "$("$compare" "$W/saved.json" "$M/state.json")" "the same compared"

# tear-down takes all of it away again.
works "$VCMFS_REPO/mount-scripts/tear-down" "$M"
assert_eq "" "$(ls vcms)"
assert_eq "alloc${NL}at" "$(ls phys)"
assert_reads memory/mt0/free 268435456
assert_reads memory/tables/free 67108864
