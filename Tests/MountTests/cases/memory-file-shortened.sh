# Another process makes the memory file shorter: reads of what is gone fail or are zeros, and the daemon goes on.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs --memory "$W/memory"
cd "$M"

echo "1M at=0x80100000 name=buffer" >phys/alloc
tr '\0' x </dev/zero | head -c 1M | dd of=phys/buffer/data conv=notrunc bs=1M iflag=fullblock status=none
tr '\0' x </dev/zero | head -c 1M >"$W/wanted"
works cmp phys/buffer/data "$W/wanted"
truncate -s $((0x100000 + 8192)) "$W/memory"
# The pages that are left, and then what has gone with the rest.
works cmp -n 8192 phys/buffer/data "$W/wanted"
if cat phys/buffer/data >"$W/got" 2>"$W/said"; then
  is $((1 << 20)) stat -c %s "$W/got"
  tail -c +8193 "$W/got" | works cmp -n $(((1 << 20) - 8192)) - /dev/zero
else
  assert_contains "$(cat "$W/said")" "$("$TRY" message EIO)"
fi
works stat phys/buffer/data
# As long as before, it is memory again.
truncate -s 384M "$W/memory"
works cmp -n 8192 phys/buffer/data "$W/wanted"
tail -c +8193 phys/buffer/data | works cmp -n $(((1 << 20) - 8192)) - /dev/zero
echo "written" >phys/buffer/data
is "written" head -n 1 phys/buffer/data
