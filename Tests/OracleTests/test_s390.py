#!/usr/bin/env python3
"""Region, segment and page tables (s390-pci, whose entries are the processor's) before a z/Architecture CPU."""

import os

from oracle import harness
from oracle.builders.dat import DATTable
from oracle.expect import READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.walkers.cpu_s390x import S390X, memory_file

ROOT, TABLES = 0x100_0000, 0x110_0000
PAGE, G = 4096, 1 << 30


def check(levels, seed):
    """Pages at both ends of the address space and at random, some of them protected."""
    bits = 20 + 11 * (levels - 1)
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 8 * G) as memory,
        S390X(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = DATTable(memory, levels, ROOT, TABLES)
        pages = {0, (1 << bits - 12) - 1} | {2 * seeded.randrange(1, (1 << bits - 13) - 1) for _ in range(20)}
        mappings = []
        for number, page in enumerate(sorted(pages)):
            physical, protect = seeded.randrange(2 * G // PAGE, 8 * G // PAGE) * PAGE, number % 2 == 1
            table.map(page * PAGE, physical, protect)
            may = frozenset({READ}) if protect else frozenset({READ, WRITE})
            mappings.append(Mapping(page * PAGE, physical, PAGE, may, may))
        questions = Questions((READ, WRITE), (True,), alignment=8, limit=1 << bits)
        space = table.space()
        count = examine(Expectation(mappings), lambda asked: walker.translate(space, asked), questions, seeded)
        return f"{count} answers"


def test_two_levels():
    return check(2, 131)


def test_three_levels():
    return check(3, 132)


def test_four_levels():
    return check(4, 133)


def test_five_levels():
    return check(5, 134)


def test_worked_vectors():
    """modern G8 to G11."""
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), 64 * G) as memory:
        table = DATTable(memory, 3, 0x8_0000_0000, 0x8_0000_4000)
        table.tables = 0x8_0000_4000
        table.map(0x3_1234_5000, 0x7_6543_2000, False)
        table.map(0x3_1234_6000, 0x7_6543_3000, True)
        assert memory.read_word(0x8_0000_0000 + 8 * 6, 8, "big") == 0x8_0000_4007
        pages = memory.read_word(0x8_0000_4000 + 8 * 0x123, 8, "big")
        assert pages == 0x8_0000_8000
        assert memory.read_word(pages + 8 * 0x45, 8, "big") == 0x7_6543_2000
        assert memory.read_word(pages + 8 * 0x46, 8, "big") == 0x7_6543_3200


if __name__ == "__main__":
    harness.main(globals())
