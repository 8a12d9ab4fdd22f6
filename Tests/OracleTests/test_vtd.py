#!/usr/bin/env python3
"""Intel VT-d second-stage tables (intel-vtd, 3 and 4 levels) before QEMU's intel-iommu, by DMA."""

import os

from oracle import harness
from oracle.builders.vtd import SIZES, VTdTable, leaf
from oracle.expect import READ, WRITE, Expectation, Mapping, Questions, complaints, examine
from oracle.model import Query, Root
from oracle.pc import memory_file
from oracle.walkers.iommu_vtd import VTd

ROOT, TABLES = 0x100_0000, 0x110_0000
QUESTIONS = Questions(accesses=(READ, WRITE), privileges=(True,), alignment=8)


def allowed(read, write):
    return frozenset(({READ} if read else set()) | ({WRITE} if write else set()))


def check_levels(levels, seed):
    """Each size with each permission at random places, and the first and last page of the input range."""
    limit = 1 << 12 + 9 * levels
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 16 << 30) as memory,
        VTd(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table, mappings, taken = VTdTable(memory, levels, ROOT, TABLES), [], set()
        places = [(0, 4096, True, True), (limit - 4096, 4096, True, True)]
        for size in SIZES:
            for read, write in ((True, False), (False, True), (True, True), (False, False)) * 2:
                while True:
                    address = seeded.randrange(limit // size) * size
                    near = {(address >> 30) + step for step in (-1, 0, 1)}
                    if not near & taken and address >> 30 not in (0, (limit - 1) >> 30) and address >> 20 != 0xFEE:
                        break
                taken.add(address >> 30)
                places.append((address, size, read, write))
        for address, size, read, write in places:
            physical = (4 << 30) + seeded.randrange(12 << 30) & -size
            table.map(address, physical, size, read, write)
            mappings.append(Mapping(address, physical, size, allowed(read, write)))
        root = Root({"table": ROOT, "levels": levels})
        questions = Questions(accesses=(READ, WRITE), privileges=(True,), alignment=8, limit=limit)
        count = examine(Expectation(mappings), lambda asked: walker.translate(root, asked), questions, seeded)
        return f"{count} answers"


def test_three_levels():
    return check_levels(3, 21)


def test_four_levels():
    return check_levels(4, 22)


def test_worked_vectors():
    """legacy I1, I3, I4 and modern D2, D4, as they stand; the pages lie where memory goes on above 4 GiB."""
    assert leaf(0x89ABCD000, 4096, True, True) == 0x89ABCD003
    words = {
        0x100000000: 0x100001003,
        0x100001240: 0x100002003,  # L3[72]
        0x100002D10: 0x100003003,  # L2[418]
        0x100003B38: 0x000000089ABCD003,  # I1
        0x100003B48: 0x000000089ABCF002,  # I3
        0x100002D18: 0x000000089AC00083,  # I4
        0x100001FE8: 0x0000000040000083,  # D4 without SNP, which this unit does not have
    }
    expectation = Expectation(
        [
            Mapping(0x1234567000, 0x89ABCD000, 4096, allowed(True, True)),
            Mapping(0x1234569000, 0x89ABCF000, 4096, allowed(False, True)),
            Mapping(0x1234600000, 0x89AC00000, 1 << 21, allowed(True, True)),
            Mapping(0x7F40000000, 0x40000000, 1 << 30, allowed(True, True)),
        ]
    )
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), 36 << 30) as memory:
        for place, word in words.items():
            memory.write_word(place, word)
        with VTd(memory) as walker, harness.seeded_random(23) as seeded:
            root = Root({"table": 0x100000000, "levels": 4})
            queries = Questions(accesses=(READ, WRITE), privileges=(True,), alignment=8, limit=1 << 48)
            asked = queries.about(expectation, seeded)
            wrong = complaints(expectation, asked, walker.translate(root, asked))
            assert not wrong, "\n".join(wrong)


def test_faults():
    """Permissions AND along the walk; reserved bits, snoop without snoop control, and too wide an address fault."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 1 << 30) as memory,
        VTd(memory) as walker,
    ):
        table = VTdTable(memory, 4, ROOT, TABLES)
        for gigabyte, extra in ((1, 0), (2, 1 << 11), (3, 1 << 61), (4, 1 << 52), (5, 1 << 62), (6, 0)):
            table.write(gigabyte << 30, 3, 0x2000_0003 | extra)
        place = table.place(6 << 30, 2)
        memory.write_word(place, memory.read_word(place) & ~2)  # a pointer that allows reading only
        table.write(7 << 30, 2, 0x2000_1083)  # 2M with a low address bit set
        root = Root({"table": ROOT, "levels": 4})

        def ask(address, access):
            return walker.translate(root, [Query(address, access)])[0]

        assert ask(1 << 30, READ).physical == 0x2000_0000
        assert ask(2 << 30, READ).fault == "reserved bit"
        assert ask(3 << 30, READ).physical == 0x2000_0000, "bit 61 is ignored"
        assert ask(4 << 30, READ).physical == 0x2000_0000, "bit 52 is ignored"
        assert ask(6 << 30, READ).physical == 0x2000_0000 and ask(6 << 30, WRITE).fault == "write permission"
        assert ask(7 << 30, READ).fault == "reserved bit"
        assert ask(1 << 48, READ).fault == "address too wide"
        assert ask(8 << 30, READ).fault == "read permission" and ask(8 << 30, WRITE).fault == "write permission"


if __name__ == "__main__":
    harness.main(globals())
