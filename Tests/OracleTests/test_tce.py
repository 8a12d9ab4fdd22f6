#!/usr/bin/env python3
"""PowerPC TCE tables (ppc-tce, ppc-tce-ioda) before QEMU's PHB3, by DMA."""

import os

from oracle import harness
from oracle.builders.tce import TCETable
from oracle.expect import READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.model import Root
from oracle.walkers.iommu_phb3 import PHB3, memory_file

ROOT, TABLES = 0x1000_0000, 0x1400_0000
G = 1 << 30


def check(levels, bits, page, seed):
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 16 * G) as memory,
        PHB3(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = TCETable(memory, levels, bits, page, ROOT, TABLES)
        width, size = min(levels * bits + page, 59), 1 << page
        pages = {0, (1 << width - page) - 1}
        pages |= {2 * seeded.randrange(1, (1 << width - page - 1) - 1) for _ in range(18)}
        mappings = []
        for number, index in enumerate(sorted(pages)):
            read, write = ((True, True), (True, False), (False, True))[number % 3]
            physical = seeded.randrange(G >> page, 16 * G >> page) << page
            table.map(index << page, physical, read, write)
            may = frozenset(({READ} if read else set()) | ({WRITE} if write else set()))
            mappings.append(Mapping(index << page, physical, size, may, may))
        root = Root({"tve": table.entry()})
        questions = Questions((READ, WRITE), (True,), size, 8, 1 << width)
        count = examine(Expectation(mappings), lambda asked: walker.translate(root, asked), questions, seeded)
        return f"{count} answers"


def test_one_level_4k():
    return check(1, 19, 12, 111)


def test_one_level_64k():
    return check(1, 15, 16, 112)


def test_one_level_16m():
    return check(1, 9, 24, 113)


def test_one_level_256m():
    return check(1, 9, 28, 114)


def test_two_levels_64k():
    """legacy T7, T8: two levels of 8192 entries."""
    return check(2, 13, 16, 115)


def test_three_levels_4k():
    return check(3, 9, 12, 116)


def test_five_levels_4k():
    return check(5, 9, 12, 117)


def test_worked_vectors():
    """legacy T10, T11."""
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), G) as memory:
        assert TCETable(memory, 1, 19, 12, 0x3FC00000, 0).entry() == 0x00000003FC000B01
        assert TCETable(memory, 2, 13, 16, 0x3FD00000, 0).entry() == 0x00000003FD002505


if __name__ == "__main__":
    harness.main(globals())
