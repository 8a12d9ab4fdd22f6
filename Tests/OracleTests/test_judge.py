#!/usr/bin/env python3
"""The judge itself: a table that says something else than expected must be found out."""

import os

from oracle import harness
from oracle.builders.short_descriptor import SECTION, SMALL, Attributes, ShortDescriptorTable
from oracle.expect import ALL, READ, Expectation, Mapping, Questions, examine
from oracle.walkers.cpu_arm import ARMv7, Registers, memory_file

def test_wrong_tables_are_found():
    """Another address, more permission, less permission, a page too many and one too few."""
    right = Mapping(0x1000_0000, 0x5000_0000, SMALL)
    wrong = {
        "another address": [Mapping(0x1000_0000, 0x5000_1000, SMALL)],
        "more permission": [Mapping(0x1000_0000, 0x5000_0000, SMALL, frozenset({READ}), ALL)],
        "less permission": [Mapping(0x1000_0000, 0x5000_0000, SMALL, ALL, ALL), Mapping(0x1000_1000, 0x5000_1000, SMALL)],
        "a page too many": [],
        "a larger size": [Mapping(0x1000_0000, 0x5000_0000, SECTION)],
    }
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 1 << 30) as memory,
        ARMv7(memory) as walker,
        harness.seeded_random(31) as seeded,
    ):
        ShortDescriptorTable(memory, 0x4100_4000, 0x4110_0000).map(0x1000_0000, 0x5000_0000, SMALL, Attributes())
        registers = Registers(sctlr=1 | 1 << 28, ttbr0=0x4100_4000)

        def ask(queries):
            return walker.translate(registers, queries)

        examine(Expectation([right]), ask, Questions(), seeded)
        for name, mappings in wrong.items():
            expectation = Expectation(mappings or [Mapping(0x1000_1000, 0x5000_0000, SMALL, frozenset(), frozenset())])
            try:
                examine(expectation, ask, Questions(), seeded)
            except AssertionError:
                continue
            raise RuntimeError(f"the judge did not see {name}")


if __name__ == "__main__":
    harness.main(globals())
