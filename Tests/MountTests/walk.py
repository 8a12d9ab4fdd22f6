"""An independent walk: decodes a table in a memory file from its root alone and compares it with what should be mapped.

use: walk.py FORMAT ROOT-FILE MEMORY-FILE MEMORY-BASE EXPECTED-FILE

EXPECTED-FILE has one `DEVICE-ADDRESS PHYSICAL-ADDRESS LENGTH` line for each run. Written from the manuals (the Arm
Architecture Reference Manual's short descriptors; TI's OMAP MMU; Intel VT-d, second stage; AMD64 volume 2), not from
the encoders. The memory file's first byte is at MEMORY-BASE.
"""
import os
import sys

PAGE = 4096


class Memory:
    def __init__(self, path, base):
        self.descriptor = os.open(path, os.O_RDONLY)
        self.base = base

    def words(self, address, count, size):
        data = os.pread(self.descriptor, count * size, address - self.base)
        if len(data) != count * size:
            raise SystemExit(f"table at {address:#x} reaches outside memory")
        return [int.from_bytes(data[i : i + size], "little") for i in range(0, len(data), size)]


def short_descriptors(memory, root, permitted):
    """First level 4096 words of 1 MiB, second level 256 words of 4 KiB; supersections and large pages in 16 copies."""
    first = memory.words(root, 4096, 4)
    for index, entry in enumerate(first):
        address = index << 20
        kind = entry & 3
        if kind == 0:
            continue
        if kind == 1:
            second = memory.words(entry & ~0x3FF, 256, 4)
            for page, item in enumerate(second):
                at = address | page << 12
                if item & 3 == 0:
                    continue
                if item & 3 == 1:
                    group = second[page & ~15 : (page & ~15) + 16]
                    assert len(set(group)) == 1, f"large page at {at:#x}: its copies differ"
                    yield at, (item & 0xFFFF0000) | at & 0xF000, PAGE
                else:
                    yield at, item & 0xFFFFF000, PAGE
                permitted(item, 2)
            continue
        if kind == 3:
            raise SystemExit(f"{address:#x}: reserved descriptor {entry:#x}")
        if entry >> 18 & 1:
            group = first[index & ~15 : (index & ~15) + 16]
            assert len(set(group)) == 1, f"supersection at {address:#x}: its copies differ"
            yield address, (entry & 0xFF000000) | (entry >> 20 & 15) << 32 | address & 0xF00000, 1 << 20
        else:
            yield address, entry & 0xFFF00000, 1 << 20
        permitted(entry, 1)


def nine_bit_levels(memory, root, levels, present, leaf_bit=7):
    def table(address, level, base):
        for index, entry in enumerate(memory.words(address, 512, 8)):
            if not present(entry):
                continue
            shift = 12 + 9 * level
            at = base | index << shift
            target = entry & 0x000FFFFFFFFFF000
            if level == 0 or entry >> leaf_bit & 1:
                assert level <= 2, f"{at:#x}: a leaf at level {level}"
                assert target & (1 << shift) - 1 == 0, f"{at:#x}: misaligned leaf {entry:#x}"
                yield at, target, 1 << shift
            else:
                yield from table(target, level - 1, at)

    yield from table(root, levels - 1, 0)


def main():
    name, root_file, memory_file, base, expected_file = sys.argv[1:]
    keys = dict(line.strip().split("=", 1) for line in open(root_file) if "=" in line)
    root = int(keys["table"], 0)
    memory = Memory(memory_file, int(base, 0))
    if name in ("msm-smmu", "arm-v7s"):

        def writable(entry, level):
            high, low = (entry >> 9 & 1, entry >> 4 & 3) if level == 2 else (entry >> 15 & 1, entry >> 10 & 3)
            assert (high, low) == (0, 3), f"{entry:#x}: not readable and writable by all"

        found = short_descriptors(memory, root, writable)
    elif name == "omap-iommu":
        found = short_descriptors(memory, root, lambda entry, level: None)
    elif name == "intel-vtd":
        found = nine_bit_levels(memory, root, int(keys["levels"], 0), lambda entry: entry & 3)
    elif name == "x86-64":
        found = nine_bit_levels(memory, root, int(keys["levels"], 0), lambda entry: entry & 1)
    else:
        raise SystemExit(f"no walker for {name}")
    pages = {}
    for address, target, length in found:
        for offset in range(0, length, PAGE):
            assert address + offset not in pages, f"{address + offset:#x} is mapped twice"
            pages[address + offset] = target + offset
    wanted = {}
    for line in open(expected_file):
        address, target, length = (int(word, 0) for word in line.split())
        for offset in range(0, length, PAGE):
            wanted[address + offset] = target + offset
    for address in sorted(pages.keys() | wanted.keys()):
        have, want = pages.get(address), wanted.get(address)
        if have != want:
            text = [f"{value:#x}" if value is not None else "unmapped" for value in (want, have)]
            raise SystemExit(f"{name}: {address:#x} should lead to {text[0]}, and leads to {text[1]}")
    print(f"{name}: {len(pages)} pages")


main()
