#!/usr/bin/env python3
"""The flat tables of alpha-sg, sun4u-iommu and sun4m-iommu before their host bridges, by DMA of a network chip."""

import os

from oracle import harness
from oracle.builders.windows import FlatTable, alpha, sun4m, sun4u, sun4u_64k
from oracle.expect import READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.lance import SPAN
from oracle.model import Root
from oracle.walkers import iommu_sabre, iommu_sun4m, iommu_typhoon

K, M, G = 1 << 10, 1 << 20, 1 << 30


def check(module, walker, ram, table, registers, data, seed):
    """Pages at both ends of the window and at random; every second one is read-only where entries can say so."""
    with (
        harness.workspace() as directory,
        module.memory_file(os.path.join(directory, "ram"), ram) as memory,
        walker(memory) as machine,
        harness.seeded_random(seed) as seeded,
    ):
        table = table(memory)
        mappings, step = [], max(table.page, 64 * K if table.entry is sun4u_64k else 0)
        pages = {0, table.size // step - 1} | {2 * seeded.randrange(1, table.size // step // 2 - 1) for _ in range(14)}
        for number, page in enumerate(sorted(pages)):
            address, write = table.base + page * step, table.entry is alpha or number % 2 == 0
            physical = data[0] + seeded.randrange((data[1] - data[0]) // step) * step
            table.map(address, physical, write, step // table.page)
            may = frozenset({READ, WRITE} if write else {READ})
            mappings.append(Mapping(address, physical, step, may, may))
        root = Root({"table": table.root, "entries": table.entries, **registers(table)})
        questions = Questions((READ, WRITE), (True,), step, SPAN, table.base + table.size, table.base)
        count = examine(Expectation(mappings), lambda asked: machine.translate(root, asked), questions, seeded)
        return f"{count} answers"


def check_alpha(base, size, seed):
    def registers(table):
        return {"wsba": table.base | 3, "wsm": table.size - 1 & 0xFFF0_0000, "tba": table.root}

    def table(memory):
        return FlatTable(memory, 0x200_0000, base, size, 8 * K, alpha, order="little")

    return check(iommu_typhoon, iommu_typhoon.Typhoon, 16 * G, table, registers, (G, 16 * G), seed)


def check_sun4m(range_, seed):
    def registers(table):
        return {"iommu_control": range_ << 2 | 1, "iommu_base": table.root >> 4}

    def table(memory):
        size = 16 * M << range_
        return FlatTable(memory, 0x20_0000, 4 * G - size, size, 4 * K, sun4m, 4)

    return check(iommu_sun4m, iommu_sun4m.Sun4m, 256 * M, table, registers, (16 * M, 256 * M), seed)


def check_sun4u(size, entry, granule, seed):
    code = (size // granule).bit_length() - 11

    def registers(table):
        return {"iommu_control": code << 16 | (granule == 64 * K) << 2 | 1, "iommu_tsbbase": table.root}

    def table(memory):
        return FlatTable(memory, iommu_sabre.MEMORY_BASE, 0x8000_0000, size, granule, entry)

    data = (iommu_sabre.MEMORY_BASE + 16 * M, iommu_sabre.MEMORY_BASE + G)
    return check(iommu_sabre, iommu_sabre.Sabre, G, table, registers, data, seed)


def test_alpha_8m():
    return check_alpha(8 * M, 8 * M, 161)


def test_alpha_2g():
    return check_alpha(2 * G, 2 * G, 162)


def test_sun4m_16m():
    return check_sun4m(0, 163)


def test_sun4m_2g():
    return check_sun4m(7, 164)


def test_sun4u_8k():
    return check_sun4u(G, sun4u, 8 * K, 165)


def test_sun4u_64k_in_a_table_of_8k():
    """legacy U5: the same entry in eight slots."""
    return check_sun4u(64 * M, sun4u_64k, 8 * K, 166)


def test_sun4u_64k():
    return check_sun4u(2 * G, sun4u_64k, 64 * K, 167)


def test_worked_vectors():
    """legacy A1, A3, N1, N3, U1, U5."""
    assert alpha(0x0_0123_4000, True) == 0x1235
    assert alpha(0x1_FF00_0000, True) == 0x1F_F001
    assert sun4m(0x0_0123_4000, True) == 0x0012_3486
    assert sun4m(0x0_0080_0000, False) == 0x0008_0082
    assert sun4u(0x1234_0000, True) == 0x8000_0000_1234_0012
    assert sun4u_64k(0x1234_0000, True) == 0xA000_0000_1234_0012


if __name__ == "__main__":
    harness.main(globals())
