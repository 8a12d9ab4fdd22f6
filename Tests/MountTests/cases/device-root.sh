# root=: what hardware finds a table by is built in memory; a walk from the registers alone reaches the buffer.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

mkdir vcms/out devices/dev
echo iommu >devices/dev/type
echo "64K blocks=64K name=buffer" >phys/alloc
read -r target length <phys/buffer/chunks
[ "$((length))" -eq 65536 ] || fail "one chunk of 64K expected, not $length"

# play FORMAT-WORDS: builds the table, walks it from the registers that `root` shows, and takes it down.
play() {
  echo "$1" >devices/dev/format
  is "$1" cat devices/dev/format
  ln -s devices/dev vcms/out/devices/dev
  echo 1 >vcms/out/active
  echo "64K at=0x12340000 name=r" >vcms/out/reserve
  ln -s phys/buffer vcms/out/reservations/r/backing
  works python3 - vcms/out/associations/dev/root memory/physical "$target" <<'END'
import os, sys
root_file, physical, target = sys.argv[1:]
keys = dict(line.strip().split("=", 1) for line in open(root_file))
memory = os.open(physical, os.O_RDONLY)
address = 0x12345678
def word(at):
    return int.from_bytes(os.pread(memory, 8, at), "little")
def number(key):
    return int(keys[key], 16)
def bits(value, high, low):
    return value >> low & (1 << high - low + 1) - 1
def radix(table, levels, present, leaf, output, index=9):
    for level in reversed(range(levels)):
        shift = 12 + 9 * level
        entry = word(table + (address >> shift & (1 << index) - 1) * 8)
        assert present(entry), f"level {level}: {entry:#x}"
        index = 9
        table = output(entry)
        if level == 0 or leaf(entry):
            return (table | address & (1 << shift) - 1) if level else table | address & 0xfff
def pages(entry):
    return entry & 0x000ffffffffff000
if "strtab_base" in keys:
    stream, shape = number("streamid"), number("strtab_base_cfg")
    entry = number("strtab_base")
    if bits(shape, 17, 16):
        split = bits(shape, 10, 6)
        entry = (word(entry + (stream >> split) * 8) & ~63) + (stream & (1 << split) - 1) * 64
    else:
        entry += stream * 64
    assert word(entry) & 0xf == 0xb, hex(word(entry))
    descriptor = bits(word(entry), 51, 6) << 6
    assert bits(word(descriptor), 31, 31) == 1 and bits(word(descriptor), 5, 0) == 16
    found = radix(word(descriptor + 8), 4, lambda e: e & 1, lambda e: e & 3 == 1, lambda e: e & 0x0000fffffffff000)
elif "ddtp" in keys:
    directory, device = number("ddtp"), number("device_id")
    assert directory & 15 == 3, "two levels"
    entry = word((directory >> 10 << 12) + (device >> 7) * 8)
    context = (entry >> 10 << 12) + (device & 127) * 32
    assert word(context) & 1
    stage = word(context + 24)
    assert stage >> 60 == 8
    found = radix((stage & (1 << 44) - 1) << 12, 3, lambda e: e & 1, lambda e: e & 0xe,
                  lambda e: bits(e, 53, 10) << 12 if not e >> 63 else bits(e, 53, 14) << 16 | address & 0xf000)
elif "rtaddr" in keys:
    root = number("rtaddr")
    assert bits(root, 11, 10) == 1
    bus, rest = keys["requester"].split(":")
    device, function = rest.split(".")
    function = int(device, 16) * 8 + int(function)
    context = pages(word(pages(root) + int(bus, 16) * 16 + (8 if function > 127 else 0))) + function % 128 * 32
    entry = pages(word(pages(word(context))))
    assert word(entry) & 0x1c1 == 0x41, hex(word(entry))
    found = radix(pages(word(entry + 16)), 4, lambda e: e & 5 == 5, lambda e: e & 0x80, pages)
else:
    bus, rest = keys["requester"].split(":")
    device, function = rest.split(".")
    entry = pages(number("device_table_base")) + (int(bus, 16) * 256 + int(device, 16) * 8 + int(function)) * 32
    low, high = word(entry), word(entry + 8)
    table = bits(low, 60, 58) << 12 | bits(high, 31, 16) << 15 | bits(high, 63, 43) << 31
    found = radix(pages(word(table)), 4, lambda e: e & 5 == 5, lambda e: e & 0x80, pages)
assert found == int(target, 16) + 0x5678, f"{found:#x} instead of {int(target, 16) + 0x5678:#x}"
END
  rm vcms/out/reservations/r/backing
  rmdir vcms/out/reservations/r
  echo 0 >vcms/out/active
  rm vcms/out/devices/dev
}

play "arm64-4k root=smmuv3"
play "arm64-4k requester=0x3a10 root=smmuv3"
play "riscv-sv39 requester=0x3a10 root=riscv-iommu"
play "intel-vtd-fs requester=0x3a90"
play "amd-v2 requester=0x3a10"

# A root that the format's hardware does not have is refused, and nothing changes.
put_fails EINVAL devices/dev/format "arm64-4k root=scalable"
has 'format arm64-4k does not take root=scalable' cat devices/dev/last_error
put_fails EINVAL devices/dev/format "arm64-4k root=smmu"
has 'none of registers, smmuv3' cat devices/dev/last_error
is "amd-v2 requester=0x3a10" cat devices/dev/format
