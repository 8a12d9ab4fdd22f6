# reach counts the TLB entries that the encoded tables have, for each format; fragmentation says what still fits.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

# leaves DEVICE FROM LENGTH: what the device's table holds there, as reach would say it. A leaf that the format writes
# into several slots has a line for each, with one device address.
leaves() {
  awk -v from="$(($2))" -v end="$(($2 + $3))" '
    function number(text, n, i) {
      n = 0
      text = tolower(substr(text, 3))
      for (i = 1; i <= length(text); i++) n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
      return n
    }
    /^# format / { format = $3 }
    /^#/ || $8 == "table" || $5 == leaf { next }
    {
      leaf = $5
      at = number(leaf)
      if (at < from || at >= end) next
      count[$6]++
      total++
    }
    END {
      line = format " entries=" total
      for (power = 0; power < 50; power++) if ((2 ^ power) in count) line = line " " 2 ^ power "=" count[2 ^ power]
      print line
    }' "vcms/out/associations/$1/pagetable"
}

topology
assert_reads phys/buffer/reach "msm-smmu entries=1 65536=1${NL}omap-iommu entries=1 65536=1${NL}arm-v7s entries=1 65536=1${NL}alpha-sg entries=8 8192=8"
assert_reads vcms/out/reservations/spare/reach ""
is "$(wc -c <vcms/out/reservations/frame/reach)" stat -c %s vcms/out/reservations/frame/reach
# Large and small leaves, well and badly aligned, in one piece and in many.
echo "17M name=large" >phys/alloc
echo "1236K blocks=4K,64K name=pieces" >phys/alloc
for request in "17M align=16M buffer=large" "17M align=64K buffer=large" "20M align=1M buffer=large" \
  "1236K align=64K buffer=pieces" "2M align=4K buffer=pieces"; do
  buffer=${request##*=}
  echo "${request% *} name=$buffer" >vcms/out/reserve
  here=vcms/out/reservations/$buffer
  ln -s "phys/$buffer" "$here/backing"
  length=$(cat "phys/$buffer/len")
  assert_reads "$here/reach" "$(leaves video_dec "$(cat "$here/addr")" "$length")
$(leaves display "$(cat "$here/addr")" "$length")"
  # The best place is none worse than this one.
  best=$(sed -n 's/^omap-iommu entries=\([0-9]*\).*/\1/p' "phys/$buffer/reach")
  here=$(sed -n 's/^omap-iommu entries=\([0-9]*\).*/\1/p' "$here/reach")
  [ "$best" -le "$here" ] || fail "$request: $best entries at best, $here here"
  rm "vcms/out/reservations/$buffer/backing"
  rmdir "vcms/out/reservations/$buffer"
done
# Known before a device is active, and the same then.
echo "17M align=16M name=r" >vcms/out/reserve
ln -s phys/large vcms/out/reservations/r/backing
unchanged 'cat vcms/out/reservations/r/reach'
echo 0 >vcms/out/active
still
rm vcms/out/devices/display
assert_eq 1 "$(wc -l <vcms/out/reservations/r/reach)" "one format is left"

# memory: what its own lines say of blocks of a size can be allocated, and not one more.
mkdir "$W/x"
before=$(awk '$1 == 1048576 { print $2 }' memory/mt1/fragmentation)
assert_eq 64 "$before"
echo "4K memtype=mt1 name=pin" >phys/alloc
assert_eq "1048576 63 0.015" "$(grep '^1048576 ' memory/mt1/fragmentation)"
assert_eq "33554432 1 0.499" "$(grep '^33554432 ' memory/mt1/fragmentation)"
assert_eq "67108864 0 1.000" "$(grep '^67108864 ' memory/mt1/fragmentation)"
echo "63M memtype=mt1 blocks=1M name=rest" >phys/alloc
assert_eq "1048576 0 1.000" "$(grep '^1048576 ' memory/mt1/fragmentation)"
put_fails ENOMEM phys/alloc "1M memtype=mt1 blocks=1M"

# vcms: the longest range for an alignment is there, and a page more is not.
mkdir vcms/gaps
echo 64M >vcms/gaps/len
printf '4K at=8K\n4K at=20M\n4K at=0x3fff000\n' >vcms/gaps/reserve
longest=$(awk '$1 == 16777216 { print $2 }' vcms/gaps/fragmentation)
assert_eq "$((0x3fff000 - 0x2000000))" "$longest"
assert_eq "$(cat vcms/gaps/largest_free)" "$(awk '$1 == 4096 { print $2 }' vcms/gaps/fragmentation)"
assert_fails_with ENOMEM "$TRY" write vcms/gaps/reserve "$((longest + 4096)) align=16M$NL"
put vcms/gaps/reserve "$longest align=16M name=fits"
assert_reads vcms/gaps/reservations/fits/addr 0x2000000
