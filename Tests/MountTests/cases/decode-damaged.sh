# vcmfs decode names what is wrong in a damaged copy of a mount's memory, entry by entry, and ends with status 1.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs --memory "$W/memory"
cd "$M"

mkdir vcms/out
echo 128M >vcms/out/len
ln -s devices/video_dec vcms/out/devices/
echo 1 >vcms/out/active
for name in a b c; do echo "64K name=$name" >phys/alloc; done
echo "1M name=section" >phys/alloc
printf '64K at=0x10000 name=a\n64K at=0x110000 name=b\n64K at=0x210000 name=c\n1M at=0x400000 name=section\n' >vcms/out/reserve
for name in a b c section; do ln -s phys/$name vcms/out/reservations/$name/backing; done
root=$(sed -n 's/^table=//p' vcms/out/associations/video_dec/root)
grep -v '^#' vcms/out/associations/video_dec/pagetable >"$W/good"
unmount_vcmfs

decode() {
  "$VCMFS" decode --format msm-smmu --root "$root" --memory "$W/memory:0x80000000" "$@"
}
works decode --check

# at COMMAND...: the address of the entry in the first good line that the awk pattern takes.
entry_at() {
  awk "$1"' { print $3; exit }' "$W/good"
}
# word ADDRESS: the entry there; store ADDRESS VALUE: another one.
word() {
  dd if="$W/memory" bs=4 count=1 skip=$(($1 - 0x80000000)) iflag=skip_bytes status=none | od -An -tu4
}
store() {
  python3 -c 'import struct, sys
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2], 0) - 0x80000000)
    file.write(struct.pack("<I", int(sys.argv[3], 0) & 0xFFFFFFFF))' "$W/memory" "$1" "$2"
}
# finds KIND ADDRESS: exactly one problem, of this kind, in the entry there; then all is put right again.
finds() {
  status=0
  decode >"$W/dump" 2>"$W/problems" || status=$?
  assert_eq 1 "$status" "with $1"
  assert_matches "^$1: L[12] slot 0x[0-9a-f]+ at $2, entry 0x[0-9a-f]+, device 0x[0-9a-f]+: " "$(cat "$W/problems")"
  assert_eq "1 problem: 1 $1" "$(tail -n 1 "$W/problems")"
  status=0
  decode --check >"$W/checked" || status=$?
  assert_eq 1 "$status" "with $1 and --check"
  cmp "$W/problems" "$W/checked" || fail "--check says other things of $1"
  decode --json >"$W/json" || true
  is "{'$1': 1} $2" python3 -c 'import json, sys
document = json.load(open(sys.argv[1]))
print(document["problem_counts"], document["problems"][0]["entry_address"])' "$W/json"
  cp --sparse=always "$W/kept" "$W/memory"
}
cp --sparse=always "$W/memory" "$W/kept"

# The third copy of a large page: another physical page.
copy=$(awk '$1 == "L2" && n++ == 2 { print $3; exit }' "$W/good")
store "$copy" $(($(word "$copy") + 0x10000))
finds copies-differ "$copy"

# A section's bit 9 may be anything; bit 4 of a pointer may not.
pointer=$(entry_at '$1 == "L1" && $8 == "table"')
store "$pointer" $(($(word "$pointer") | 0x10))
finds reserved-bits "$pointer"
store "$pointer" $(($(word "$pointer") | 0x200))
works decode --check
cp --sparse=always "$W/kept" "$W/memory"

# A pointer to where there is no memory, one to the table of its neighbour, one to its own table.
store "$pointer" $((0x40000000 | 9))
finds table-outside-memory "$pointer"
second=$(awk '$1 == "L1" && $8 == "table" && n++ == 1 { print $3; exit }' "$W/good")
store "$second" "$(word "$pointer")"
finds table-shared "$second"
store "$second" $((root | 9))
finds loop "$second"

# A value that the hardware does not accept.
section=$(entry_at '$1 == "L1" && $6 == 1048576 && $8 != "table"')
store "$section" $(($(word "$section") | 3))
finds reserved-entry "$section"

# The section's memory is cached, and uncached through a second section.
store $((section + 4)) $(($(word "$section") & ~0x700c | 0x100c))
status=0
decode --check >"$W/problems" || status=$?
assert_eq 1 "$status"
assert_matches '^attribute-conflict: physical 0x[0-9a-f]+ to 0x[0-9a-f]+ is mapped at device 0x400000 with cache=none and at device 0x500000 with cache=wb-wa$' "$(cat "$W/problems")"
cp --sparse=always "$W/kept" "$W/memory"

# Noise all over the tables: many problems, still an answer, of each kind no more than asked for.
python3 -c 'import random, sys
random.seed(7)
with open(sys.argv[1], "r+b") as file:
    file.seek(int(sys.argv[2], 0) - 0x80000000)
    file.write(random.randbytes(1 << 20))' "$W/memory" "$root"
status=0
decode --check --limit 2 >"$W/problems" || status=$?
assert_eq 1 "$status"
assert_eq 2 "$(grep -c '^reserved-bits: ' "$W/problems")"
has '^[0-9]+ problems: ' tail -n 1 "$W/problems"
decode --json --limit 1 >"$W/json" || true
works python3 -m json.tool "$W/json"
works sh -c "'$VCMFS' decode --format msm-smmu --root $root --memory '$W/memory:0x80000000' --runs 2>/dev/null | head -n 5"
