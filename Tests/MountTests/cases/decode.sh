# vcmfs decode shows the tables of a mount from its memory file alone: the same lines, the same JSON, nothing wrong.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3 awk
mount_vcmfs --memory "$W/memory"
cd "$M"

mkdir vcms/out
echo 0x1000 >vcms/out/start
echo 128M >vcms/out/len
for device in video_dec display; do ln -s devices/$device vcms/out/devices/; done
echo 1 >vcms/out/active
echo "17M name=frame" >phys/alloc
echo "68K name=odd" >phys/alloc
printf '17M align=16M name=frame\n68K name=odd\n' >vcms/out/reserve
ln -s phys/frame vcms/out/reservations/frame/backing
ln -s phys/odd vcms/out/reservations/odd/backing
mkdir vcms/kernel
echo kernel >vcms/kernel/type
echo "17M name=frame" >vcms/kernel/reserve
ln -s phys/frame vcms/kernel/reservations/frame/backing

# decode DIRECTORY [OPTION...]: of the association there, from the memory file.
decode() {
  there=$1
  shift
  format=$(sed -n 's/^# format //p' "$there/pagetable")
  root=$(sed -n 's/^table=//p' "$there/root")
  "$VCMFS" decode --format "$format" --root "$root" --memory "$W/memory:0x80000000" "$@"
}

for there in vcms/out/associations/video_dec vcms/out/associations/display vcms/kernel/associations/cpu0; do
  decode $there >"$W/dump" 2>"$W/problems" || fail "$there: status $?: $(cat "$W/problems")"
  assert_eq "" "$(cat "$W/problems")"
  grep -v '^#' "$W/dump" >"$W/lines"
  grep -v '^#' $there/pagetable >"$W/wanted"
  [ -s "$W/wanted" ] || fail "$there shows no entry"
  cmp "$W/wanted" "$W/lines" || fail "$there: other lines"
  # The header says the same as the association's as far as it goes.
  grep '^#' "$W/dump" | while read -r line; do grep -qxF "$line" $there/pagetable || fail "only decode says: $line"; done
  decode $there --json >"$W/json"
  python3 - "$W/json" $there/pagetable.json <<'END' || fail "$there: other JSON"
import json, sys
mine, theirs = (json.load(open(path)) for path in sys.argv[1:])
assert mine["entries"] == theirs["entries"] and theirs["entries"]
assert mine["tables"] == theirs["tables"] and mine["format"] == theirs["format"]
assert mine["problems"] == [] and mine["problem_counts"] == {}
assert mine["root"].items() <= theirs["root"].items()
END
done

# Runs: the buffers as the region has them, whatever pages they took.
there=vcms/out/associations/video_dec
for name in frame odd; do
  first=$(number_in vcms/out/reservations/$name/addr)
  size=$(cat phys/$name/len)
  output=$(awk '{ print $1; exit }' phys/$name/chunks)
  decode $there --runs --start "$first" --last $((first + size - 1)) | grep -v '^#' >"$W/runs"
  assert_eq 1 "$(wc -l <"$W/runs")" "runs of $name"
  read -r from last bytes to _ <"$W/runs"
  assert_eq "$first $((first + size - 1)) $size $((output))" "$((from)) $((last)) $bytes $((to))" "the run of $name"
done
decode $there --runs --json >"$W/json"
is '2 True' python3 -c 'import json, sys
document = json.load(open(sys.argv[1]))
print(len(document["runs"]), "entries" not in document)' "$W/json"

# A range: only the lines that concern it.
decode $there --start 0x1000000 --last 0x1000fff | grep -v '^#' >"$W/part"
awk '!/^#/ && $5 == "0x01000000"' $there/pagetable >"$W/wanted"
assert_eq 16 "$(wc -l <"$W/wanted")"
cmp "$W/wanted" "$W/part" || fail "another range: $(cat "$W/part")"
is '' decode $there --check

# From a pipe, and from a part of the file.
root=$(sed -n 's/^table=//p' $there/root)
grep -v '^#' $there/pagetable >"$W/wanted"
tail -c +335544321 "$W/memory" | "$VCMFS" decode --format msm-smmu --root "$root" --memory -:0x94000000 | grep -v '^#' >"$W/lines"
cmp "$W/wanted" "$W/lines" || fail "from a pipe"
"$VCMFS" decode --format msm-smmu --root "$root" --memory "$W/memory:0x94000000@320M+64M" | grep -v '^#' >"$W/lines"
cmp "$W/wanted" "$W/lines" || fail "from a part of the file"

# From an ELF core file, as crash dumps are: one segment, which says where it lies.
python3 - "$W/memory" "$W/core" <<'END'
import struct, sys
tables, size = 0x94000000, 1 << 20
with open(sys.argv[1], "rb") as memory, open(sys.argv[2], "wb") as core:
    memory.seek(tables - 0x80000000)
    core.write(b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 4, 40, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0))
    core.write(struct.pack("<IIQQQQQQ", 1, 4, 0x1000, 0, tables, size, size, 0))
    core.seek(0x1000)
    core.write(memory.read(size))
END
"$VCMFS" decode --format msm-smmu --root "$root" --memory "$W/core" | grep -v '^#' >"$W/lines"
cmp "$W/wanted" "$W/lines" || fail "from a core file"

# What the image is not, and what the command line is not.
status_of() {
  wanted=$1
  shift
  status=0
  "$@" >"$W/out" 2>"$W/err" </dev/null || status=$?
  assert_eq "$wanted" "$status" "$*: $(cat "$W/err")"
  assert_eq "" "$(cat "$W/out")" "standard output of $*"
}
status_of 65 decode $there --memory "$W/none"
assert_matches "^vcmfs: $W/none: No such file or directory" "$(cat "$W/err")"
status_of 65 "$VCMFS" decode --format msm-smmu --root 0x1000 --memory "$W/memory:0x80000000"
assert_matches '^vcmfs: the root table of 16384 bytes at 0x1000 does not lie in memory' "$(cat "$W/err")"
status_of 65 "$VCMFS" decode --format msm-smmu --root 0x0 --memory "$W/memory" --memory "$W/memory:4K"
assert_matches 'overlaps' "$(cat "$W/err")"
status_of 64 "$VCMFS" decode --format vax --root 0 --memory "$W/memory"
assert_matches "^vcmfs: the format 'vax' is unknown" "$(cat "$W/err")"
status_of 64 "$VCMFS" decode --format msm-smmu --root 0 --memory "$W/memory" --levels 3
assert_matches 'does not take levels=3' "$(cat "$W/err")"
status_of 64 "$VCMFS" decode --root 0
status=0
decode $there >/dev/full 2>"$W/err" || status=$?
assert_eq 74 "$status"
assert_matches 'No space left on device' "$(cat "$W/err")"
