# The running example, its thirteen steps, on every machine of docs/platforms, each with its own formats, windows and memory:
# sizes and alignments are what the machine's pages and windows take. `vcmfs check` takes each, and `vcmfs decode` finds
# nothing wrong in its tables.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need awk dd
machines=$VCMFS_REPO/docs/platforms

# facts FILE: what the platform file says, as assignments: its first memory type, its first two IOMMUs with all that is said
# of them, its first device without one. A machine without an IOMMU has its processor's MMU instead. Sizes are in bytes.
facts() {
  awk '
    function bytes(text) {
      unit = text; sub(/^[0-9]+/, "", unit)
      if (text ~ /^0x/) return text
      return sprintf("%.0f", text * (unit == "K" ? 1024 : unit == "M" ? 1048576 : unit == "G" ? 1073741824 : 1))
    }
    /^[a-z]/ { section = $1; sub(/:.*/, "", section) }
    /^  / {
      name = $1; sub(/:$/, "", name)
      if (section == "memory" && !pools++) print "pool=" name
      if (section != "devices") next
      if ($0 ~ /type: one-to-one/ && !directs++) print "direct=" name
      if ($0 !~ /type: iommu/ && !($0 ~ /type: cpu/ && !count)) next
      if (++count > 2) next
      which = count == 1 ? "first" : "second"
      print which "=" name
      gsub(/[{},]|window:/, " ")
      for (i = 2; i < NF; i += 2) {
        key = $i; sub(/:$/, "", key)
        print which "_" key "=" (key ~ /granule|base|size/ ? bytes($(i + 1)) : $(i + 1))
      }
    }' "$1"
}
# page FORMAT GRANULE: the smallest page.
page() {
  read -r smallest rest <"formats/$1/page_sizes"
  smallest=${2:-$smallest}
}
# checked DEVICE FORMAT LEVELS GRANULE BASE SIZE: decode shows the entries of the device's table, from physical memory, as the
# mount does, and finds nothing wrong in them.
checked() {
  device=$1
  root='' spare=''
  while IFS='=' read -r key value; do
    case $key in table) root=$value ;; spare) spare=$value ;; esac
  done <"vcms/out/associations/$device/root"
  "$VCMFS" decode --format "$2" --root "$root" --memory memory/physical ${3:+--levels "$3"} ${4:+--granule "$4"} \
    ${5:+--window "$5+$6"} ${spare:+--spare "$spare"} >"$W/$name.dump" 2>&1 ||
    fail "decode of $device: $(tail -n 3 "$W/$name.dump")"
  grep -v '^#' "$W/$name.dump" >"$W/$name.lines"
  grep -v '^#' "vcms/out/associations/$device/pagetable" | cmp - "$W/$name.lines" || fail "decode shows other entries of $device"
  [ -s "$W/$name.lines" ] || fail "$device has no entries"
}

# play FILE: the example on one machine, in a mount of its own.
play() (
  trap finish EXIT
  file=$1
  name=${file##*/}
  name=${name%.yaml}
  M=$W/$name
  first_levels='' first_granule='' first_base='' first_size=''
  second_levels='' second_granule='' second_base='' second_size='' second=''
  eval "$(facts "$file")"
  has "$name" "$VCMFS" check "$file"
  mount_vcmfs --platform "$file"
  cd "$M"

  # What the machine takes: its larger page, the window of both devices.
  page "$first_format" "$first_granule"
  page=$smallest
  [ -z "$second" ] || page "$second_format" "$second_granule"
  [ "$smallest" -le "$page" ] || page=$smallest
  base=$((${first_base:-0}))
  window=$((${first_size:-4294967296}))
  unit=65536
  [ "$page" -le "$unit" ] || unit=$page
  length=$((window - page))
  [ "$length" -le $((128 << 20)) ] || length=$((128 << 20))
  frame=$((16 << 20))
  while [ $((2 * frame + 8 * unit)) -gt "$length" ]; do frame=$((frame / 2)); done
  blocks=
  for block in $((1 << 20)) 65536 4096; do
    if [ "$block" -ge "$page" ] && [ "$block" -le "$frame" ]; then blocks=${blocks:+$blocks,}$block; fi
  done

  # 1 to 3: a region, two devices, both activated.
  mkdir vcms/out
  printf '0x%x\n' $((base + page)) >vcms/out/start
  echo "$length" >vcms/out/len
  for device in "$first $first_format" ${second:+"$second $second_format"}; do
    format=${device#* }
    device=${device% *}
    ln -s "devices/$device" "vcms/out/devices/$device"
    read -r got rest <"devices/$device/format"
    assert_eq "$format" "$got"
    echo 1 >"vcms/out/associations/$device/active"
  done
  assert_reads vcms/out/active 1

  # 4 to 6: two buffers, and the segments for a device without an IOMMU.
  put phys/alloc "$((2 * unit)) memtype=$pool blocks=$unit name=stream"
  # Where the processor has no table, it needs one piece.
  how=blocks=$blocks
  read -r kind <devices/cpu0/type
  [ "$kind" = cpu ] || how=contiguous
  put phys/alloc "$frame memtype=$pool $how align=$frame name=frame"
  assert_reads "devices/$direct/type" one-to-one
  is $((2 * unit)) awk '{ sum += $2 } END { print sum }' phys/stream/chunks
  is "$frame" awk '{ sum += $2 } END { printf "%d\n", sum }' phys/frame/chunks

  # 7 to 9: two reservations, backed, and their addresses.
  put vcms/out/reserve "$((8 * unit)) align=$unit name=stream"
  put vcms/out/reserve "$frame align=$frame name=frame"
  ln -s phys/stream vcms/out/reservations/stream/backing
  ln -s phys/frame vcms/out/reservations/frame/backing
  read -r address <vcms/out/reservations/frame/addr
  assert_eq 0 $((address % frame)) "the frame's alignment"
  [ $((address - base)) -ge 0 ] && [ $((address - base + frame)) -le "$window" ] || fail "$address is not in the window"

  # 10 to 12: the processor's own space: its tables, or physical memory as it sees it without any.
  read -r physical rest <phys/frame/chunks
  mkdir vcms/kernel
  if [ "$kind" = cpu ]; then
    echo 256M >vcms/kernel/len
    echo kernel >vcms/kernel/type
    put vcms/kernel/reserve "$frame name=frame"
  else
    printf '0x%x\n' "$((physical))" >vcms/kernel/start
    echo "$frame" >vcms/kernel/len
    echo one-to-one >vcms/kernel/type
    ln -s devices/cpu0 vcms/kernel/devices/cpu0
    echo 1 >vcms/kernel/active
    put vcms/kernel/reserve "$frame at=$physical name=frame"
    assert_reads vcms/kernel/reservations/frame/addr "$physical"
  fi
  ln -s phys/frame vcms/kernel/reservations/frame/backing

  # 13: what the processor writes, both devices read, each through its own table.
  printf 'a frame of %s' "$name" | dd of=vcms/kernel/reservations/frame/data conv=notrunc status=none
  for device in $first $second; do
    is "a frame of $name" dd if="devices/$device/memory" bs=$((11 + ${#name})) count=1 skip="$((address))" iflag=skip_bytes status=none
    has "^phys $physical " cat "devices/$device/translate/$address"
  done
  checked "$first" "$first_format" "$first_levels" "$first_granule" "$first_base" "$first_size"
  [ -z "$second" ] || checked "$second" "$second_format" "$second_levels" "$second_granule" "$second_base" "$second_size"
  unmount_vcmfs
)

# Two at a time; errexit holds in the background, as it does not in a condition.
failed=
for file in "$machines"/*.yaml; do
  play "$file" >"$W/$(basename "$file").log" 2>&1 &
  echo $! >"$W/$(basename "$file").pid"
  if [ -n "${last:-}" ]; then
    wait "$(cat "$W/$last.pid")" || failed="$failed $last"
  fi
  last=$(basename "$file")
done
wait "$(cat "$W/$last.pid")" || failed="$failed $last"
for name in $failed; do
  echo "$name:"
  sed 's/^/  /' "$W/$name.log"
done
[ -z "$failed" ] || fail "the example does not play on:$failed"
