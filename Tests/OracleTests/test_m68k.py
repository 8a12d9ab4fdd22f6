#!/usr/bin/env python3
"""The 68040's tables (m68k-040) before a 68040."""

import itertools
import os

from oracle import harness
from oracle.builders.m68k import M68KTable
from oracle.expect import NOTHING, READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.model import Root
from oracle.walkers.cpu_m68k import M68K, memory_file

ROOT, TABLES = 0x400_0000, 0x410_0000
K, M = 1 << 10, 1 << 20


def check(page, seed):
    """Pages at both ends and at random with every permission; some of them below protected tables."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 2048 * M) as memory,
        M68K(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = M68KTable(memory, page, ROOT, TABLES)
        chunks = [0, (1 << 32 - 25) - 1, *seeded.sample(range(1, (1 << 32 - 25) - 1), 14)]
        mappings = []
        for chunk, (protect, supervisor, table.protected_tables, cache) in zip(
            chunks, itertools.product((False, True), (False, True), (False, True), (1, 2)), strict=True
        ):
            within = {0: 0, chunks[1]: (32 * M) - page}.get(chunk, seeded.randrange(32 * M // page) * page)
            address, physical = (chunk << 25) + within, seeded.randrange(0x800_0000 // page, 2048 * M // page) * page
            table.map(address, physical, protect, supervisor, cache)
            may = frozenset({READ}) if protect or table.protected_tables else frozenset({READ, WRITE})
            mappings.append(Mapping(address, physical, page, NOTHING if supervisor else may, may))
        root = Root(table.registers())
        questions = Questions((READ, WRITE), page=page, alignment=4)
        count = examine(Expectation(mappings), lambda asked: walker.translate(root, asked), questions, seeded)
        return f"{count} answers"


def test_4k():
    return check(4 * K, 141)


def test_8k():
    return check(8 * K, 142)


def test_worked_vectors():
    """modern H1 to H3."""
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), 2048 * M) as memory:
        table = M68KTable(memory, 4 * K, 0x10_0000, 0x20_0200)
        table.map(0x1234_5000, 0x00AB_C000, False, False)
        assert memory.read_word(0x10_0000 + 4 * 9, 4, "big") == 0x0020_020A
        assert memory.read_word(0x20_0200 + 4 * 0xD, 4, "big") & 0xF == 0xA
        pages = memory.read_word(0x20_0200 + 4 * 0xD, 4, "big") & -16
        assert memory.read_word(pages + 4 * 5, 4, "big") == 0x00AB_C039


if __name__ == "__main__":
    harness.main(globals())
