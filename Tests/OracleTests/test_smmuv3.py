#!/usr/bin/env python3
"""AArch64 stage-1 tables before QEMU's SMMUv3, by DMA: addresses, sizes and who may write."""

import os

from oracle import harness
from oracle.builders.arm_long import GRANULES, LongTable, Stage1
from oracle.expect import READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.model import Root
from oracle.walkers.cpu_aarch64 import memory_file
from oracle.walkers.iommu_smmuv3 import SMMUv3
from test_aarch64 import MAIR, ROOT, SIZES, TABLES, low_tcr, places

G = 1 << 30


def check(name, bits, seed):
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 8 * G) as memory,
        SMMUv3(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = LongTable(memory, GRANULES[name], bits, ROOT, TABLES)
        mappings = []
        for number, spot in enumerate(places(seeded, SIZES[name], 1 << bits, 7 * G, 16)):
            address, physical, size = spot
            read_only = number % 3 == 0
            table.map(address, physical, size, Stage1(read_only=read_only))
            may = frozenset({READ} if read_only else {READ, WRITE})
            mappings.append(Mapping(address, physical, size, may, may))
        control = low_tcr(name, bits, physical=4)  # this unit has 44 bits
        root = Root({"tcr_el1": control, "ttbr0_el1": ROOT, "mair_el1": MAIR})
        questions = Questions((READ, WRITE), (True,), 1 << GRANULES[name], 8, 1 << 48)
        count = examine(Expectation(mappings), lambda asked: walker.translate(root, asked), questions, seeded)
        return f"{count} answers"


def test_4k():
    return check("4k", 48, 71)


def test_16k():
    return check("16k", 48, 73)


def test_64k():
    return check("64k", 48, 74)


if __name__ == "__main__":
    harness.main(globals())
