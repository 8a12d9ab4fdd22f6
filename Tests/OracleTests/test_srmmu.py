#!/usr/bin/env python3
"""The SPARC reference MMU's tables (sparc-srmmu) before a SuperSPARC."""

import os

from oracle import harness
from oracle.builders.srmmu import ACCESS, LARGE, MEDIUM, SMALL, SRMMUTable
from oracle.expect import Expectation, Mapping, Questions, examine
from oracle.model import Root
from oracle.walkers.cpu_sparc import SPARC, memory_file

CONTEXTS, ROOT, TABLES = 0x300_0000, 0x300_0400, 0x300_0800
G = 1 << 30


def test_every_size_and_permission():
    """All eight ACC values with all three sizes, at both ends and at random, below and above 4 GiB."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 8 * G) as memory,
        SPARC(memory) as walker,
        harness.seeded_random(151) as seeded,
    ):
        table, mappings = SRMMUTable(memory, CONTEXTS, ROOT, TABLES), []
        slots = [0, 255, *seeded.sample(range(1, 255), 22)]
        kinds = [(size, access) for size in (SMALL, MEDIUM, LARGE) for access in range(8)]
        for slot, (size, access) in zip(slots, kinds, strict=True):
            within = 0 if slot == 0 else LARGE - size if slot == 255 else seeded.randrange(LARGE // size) * size
            address = (slot << 24) + within
            physical = seeded.choice((seeded.randrange(G >> 24, 3 * G >> 24), seeded.randrange(4 * G >> 24, 8 * G >> 24)))
            physical = (physical << 24) + seeded.randrange(LARGE // size) * size
            table.map(address, physical, size, access, seeded.random() < 0.5)
            mappings.append(Mapping(address, physical, size, *ACCESS[access]))
        root = Root(table.registers())
        count = examine(Expectation(mappings), lambda asked: walker.translate(root, asked), Questions(), seeded)
        return f"{count} answers"


def test_worked_vectors():
    """modern H5 to H8."""
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), 16 * G) as memory:
        table = SRMMUTable(memory, CONTEXTS, ROOT, 0x30_0300)
        table.map(0xF012_3000, 0x1_2345_6000, SMALL, 3)
        table.map(0xF100_0000, 0x0, LARGE, 7)
        second = memory.read_word(ROOT + 4 * 0xF0, 4, "big")
        assert second == 0x0003_0031
        assert memory.read_word(0x30_0300 + 4 * 4, 4, "big") == 0x0003_0041
        assert memory.read_word(0x30_0400 + 4 * 0x23, 4, "big") == 0x1234_56EE
        assert memory.read_word(ROOT + 4 * 0xF1, 4, "big") == 0xFE


if __name__ == "__main__":
    harness.main(globals())
