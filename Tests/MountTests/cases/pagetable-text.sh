# pagetable: a # header, then one line of fixed width for each entry, made from the memory at the address it names.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need od
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 0x1000 >vcms/out/start
echo 128M >vcms/out/len
echo "64K name=buf64" >phys/alloc
echo "17M blocks=1M,64K,4K name=frame" >phys/alloc
for device in video_dec display; do ln -s devices/$device vcms/out/devices/$device; done
echo 1 >vcms/out/active
echo "64K align=64K name=a" >vcms/out/reserve
echo "17M align=16M name=b" >vcms/out/reserve
ln -s phys/buf64 vcms/out/reservations/a/backing
ln -s phys/frame vcms/out/reservations/b/backing

for device in video_dec display; do
  table=vcms/out/associations/$device/pagetable
  has '^# .*out' cat $table
  has "^# .*$device" cat $table
  has "^# .*$(cat devices/$device/format)" cat $table
  has "^# .*$(head -n 1 vcms/out/associations/$device/root)" cat $table
  # What kind of address each entry shows: where a table lies, or where memory does.
  is '' sh -c "awk '!/^#/ && \$8 != \"pa\" && \$8 != \"table\"' $table"
  is '' sh -c "awk '\$8 == \"table\" && \$7 ~ /^0x0*8/' $table"
  has "^# addresses va to pa" cat $table
  # The header comes first, and the lines below it are of one width.
  is '' sh -c "sed '1,/^[^#]/d' $table | grep '^#' || true"
  is 1 sh -c "grep -v '^#' $table | awk '{ print length }' | sort -u | wc -l"
  [ "$(grep -vc '^#' $table)" -gt 16 ] || fail "too few lines in $table"
  # Every raw entry is what lies in physical memory at the entry's own address.
  grep -v '^#' $table | while read -r level index address raw rest; do
    found=$(dd if=memory/physical bs=4 count=1 skip=$((address)) iflag=skip_bytes status=none | od -An -tx4 | tr -d ' ')
    [ "$((raw))" -eq "$((0x$found))" ] || fail "$device $level $index: $raw, but memory at $address holds $found"
  done
  # Entries are in table order: the device addresses of what is at one level never go back.
  is '' sh -c "grep -v '^#' $table | awk '{ if (\$5 < last[\$1]) print; last[\$1] = \$5 }'"
done
# 64 KB at a 64 KB boundary is one large page in 16 copies.
is 16 sh -c "awk '!/^#/ && \$5 ~ /^0x0*10000\$/ && \$6 ~ /^(65536|0x0*10000|64K)\$/' vcms/out/associations/video_dec/pagetable | wc -l"
