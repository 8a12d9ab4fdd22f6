#!/usr/bin/env python3
"""AMD IOMMU v1 tables (amd-v1, modes 1 to 6) before QEMU's amd-iommu, by DMA."""

import os

from oracle import harness
from oracle.builders.amd import AMDTable, copies, leaf
from oracle.expect import READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.model import Query, Root
from oracle.pc import memory_file
from oracle.walkers.iommu_amd import AMDVi

ROOT, TABLES = 0x100_0000, 0x110_0000
ORDERS = range(12, 34)  # every power of two from 4K to 8G: RAM has no more


def allowed(read, write):
    return frozenset(({READ} if read else set()) | ({WRITE} if write else set()))


def test_every_mode_and_size():
    """Every power of two that fits a mode, each with a permission, at random places."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 36 << 30) as memory,
        AMDVi(memory) as walker,
        harness.seeded_random(41) as seeded,
    ):
        count = 0
        for mode in range(1, 7):
            limit = min(12 + 9 * mode, 64)
            root, tables = ROOT + mode * 0x40_0000, TABLES + mode * 0x40_0000
            table, mappings, taken = AMDTable(memory, mode, root, tables), [], []
            orders = [order for order in ORDERS if order < limit - (mode == 1)]
            if mode not in (1, 3):
                orders = sorted(seeded.sample(orders, min(len(orders), 8)))
            for order in orders:
                size = 1 << order
                for _ in range(100):
                    address = seeded.randrange(1 << limit - order) << order
                    if all(address + size + 4096 <= start or end + 4096 <= address for start, end in taken):
                        if not address <= 0xFEEF_FFFF <= address + size + 0x100000:
                            break
                else:
                    continue
                taken.append((address, address + size))
                read, write = seeded.choice(((True, False), (False, True), (True, True)))
                physical = seeded.randrange(1 << 35 - order) << order
                if physical < 4 << 30:  # RAM without the walker's and the tables' own
                    physical += 8 << 30
                table.map(address, physical, order, read, write)
                mappings.append(Mapping(address, physical, size, allowed(read, write)))
            assert len(mappings) >= len(orders) * 2 // 3
            values = Root({"table": root, "levels": mode})
            questions = Questions(accesses=(READ, WRITE), privileges=(True,), alignment=8, limit=1 << limit)
            count += examine(Expectation(mappings), lambda asked: walker.translate(values, asked), questions, seeded)
        return f"{count} answers"


def test_worked_vectors():
    """legacy X1 to X9, modern E1 to E8 and the device table entry of X12: the builder makes the same words."""
    assert leaf(0x89ABCD000, 12, True, True, True) == 0x700000089ABCD001
    assert leaf(0x89ABD0000, 13, True, True, True) == 0x700000089ABD0E01 and copies(13) == 2
    assert leaf(0x89ABE0000, 16, True, True, True) == 0x700000089ABE7E01 and copies(16) == 16
    assert leaf(0x89AC00000, 21, True, True, True) == 0x700000089AC00001 and copies(21) == 1
    assert leaf(0x777740000, 14, True, False) == 0x2000000777741E01
    assert leaf(0x655500000, 20, True, True, True) == 0x700000065557FE01 and copies(20) == 256
    assert leaf(0x1000000000, 32, False, True) == 0x400000107FFFFE01 and copies(32) == 4


def test_permissions_along_the_way():
    """IR and IW are the AND over the device table entry and the walk; a level may be skipped; 2M has two forms."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 1 << 30) as memory,
        AMDVi(memory) as walker,
    ):
        table = AMDTable(memory, 3, ROOT, TABLES)
        for gigabyte in (1, 2, 3):
            table.map(gigabyte << 30, 0x2000_0000, 12, True, True)
        place = table.place(2 << 30, 0)
        memory.write_word(place, memory.read_word(place) & ~(1 << 62))
        table.write(4 << 30, 1, 0x2020_0000 | 0xFF000 | 7 << 9 | 3 << 61 | 1)  # 2M, its size in the address
        table.map(5 << 30, 0x2100_0000, 12, True, True)
        level1 = table.place(5 << 30, 2) & -4096
        memory.write_word(table.place(5 << 30, 0), level1 | 1 << 9 | 3 << 61 | 1)  # from level 3 to level 1
        low = 3 << 9 | ROOT | 3

        def ask(address, access, rights=3):
            root = Root({"table": ROOT, "levels": 3, "dte_0": low | rights << 61})
            return walker.translate(root, [Query(address, access)])[0].physical

        assert ask(1 << 30, WRITE) == 0x2000_0000 and ask(2 << 30, WRITE) is None and ask(2 << 30, READ)
        assert ask(3 << 30, READ, 1) == 0x2000_0000 and ask(3 << 30, WRITE, 1) is None
        assert ask(3 << 30, WRITE, 2) == 0x2000_0000 and ask(3 << 30, READ, 2) is None
        assert ask((4 << 30) + 0x1_2340, READ) == 0x2021_2340
        assert ask(5 << 30, READ) == 0x2100_0000


if __name__ == "__main__":
    harness.main(globals())
