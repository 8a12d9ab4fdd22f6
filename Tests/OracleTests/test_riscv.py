#!/usr/bin/env python3
"""RISC-V tables (riscv-sv32 to riscv-sv57 and the G-stage x4 forms) before a RISC-V CPU."""

import itertools
import os

from oracle import harness
from oracle.builders.riscv import NAPOT, RISCVTable, leaf
from oracle.expect import EXECUTE, NOTHING, READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.model import Query, Root
from oracle.walkers.cpu_riscv import RISCV, memory_file

ROOT, TABLES = 0x8100_0000, 0x8110_0000
K, M, G = 1 << 10, 1 << 20, 1 << 30
RAM = 0x8000_0000
BITS = {"sv32": 32, "sv39": 39, "sv48": 48, "sv57": 57}
LEGAL = [rights for rights in itertools.product((False, True), repeat=3) if any(rights) and (rights[0] or not rights[1])]


def accesses(read, write, execute):
    pairs = ((read, READ), (write, WRITE), (execute, EXECUTE))
    return frozenset(access for allowed, access in pairs if allowed)


def check(mode, seed, guest=False):
    wide = mode != "sv32"
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 8 * G if wide else 2 * G) as memory,
        RISCV(memory, 64 if wide else 32) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = RISCVTable(memory, mode, ROOT, TABLES, guest)
        sizes = (4 * K, NAPOT, 2 * M, G) if wide else (4 * K, 4 * M)
        bits = BITS[mode] + 1 if guest and wide else BITS[mode]  # one bit less than the G-stage has: QEMU's limit
        mappings, taken, unit = [], set(), G if wide else 4 * M
        for user, rights in itertools.product((True,) if guest else (False, True), LEGAL * 3):
            size = seeded.choice(sizes)
            while True:
                address = seeded.randrange((1 << bits) // size) * size
                around = {address // unit + step for step in (-1, 0, 1)}
                if not around & taken:
                    break
            taken.add(address // unit)
            low = (0x9000_0000 + size - 1) & -size
            physical = low + seeded.randrange((RAM + memory.size - low) // size) * size
            table.map(address, physical, size, *rights, user, seeded.choice((0, 1, 2)) if wide else 0)
            if wide and not guest and address >> bits - 1:
                address |= (1 << 64) - (1 << bits)
            may = accesses(*rights)
            if guest:
                mappings.append(Mapping(address, physical, size, may, may))
            elif user:
                mappings.append(Mapping(address, physical, size, may, may - {EXECUTE}))
            else:
                mappings.append(Mapping(address, physical, size, NOTHING, may))
        root = Root({"hgatp" if guest else "satp": table.register()})
        limit = 1 << (64 if wide and not guest else bits)
        questions = Questions(alignment=8, limit=limit)
        count = examine(Expectation(mappings), lambda asked: walker.translate(root, asked), questions, seeded)
        return f"{count} answers"


def test_sv32():
    return check("sv32", 81)


def test_sv39():
    return check("sv39", 82)


def test_sv48():
    return check("sv48", 83)


def test_sv57():
    return check("sv57", 84)


def test_sv39x4():
    return check("sv39", 85, guest=True)


def test_sv48x4():
    return check("sv48", 86, guest=True)


def test_sv57x4():
    return check("sv57", 87, guest=True)


def test_sv32x4():
    return check("sv32", 88, guest=True)


def test_worked_vectors():
    """modern F2 to F5, F17, F18: the builder makes the same words."""
    assert leaf(0x89ABCD000, True, True, False, True) == 0x0000000226AF34D7
    assert leaf(0x999990000, True, False, True, True, napot=True) == 0x800000026666605B
    assert leaf(0x40000000, True, True, False, False, memory_type=2) == 0x40000000100000C7
    assert leaf(0x323456000, True, False, True, True) == 0xC8D1585B


def test_faults():
    """Misaligned superpages, W without R, reserved bits, other Svnapot patterns and addresses that are not
    canonical fault."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), G) as memory,
        RISCV(memory) as walker,
    ):
        table = RISCVTable(memory, "sv39", ROOT, TABLES)
        good = leaf(0x9000_0000, True, True, True, True)
        entries = [
            (2, good, True),
            (1, good | 1 << 10, False),  # 2M with PPN bit 0 set
            (2, good & ~2, False),  # W without R
            (2, good & ~0b1110 | 0b1100, False),  # W and X without R
            (2, good | 1 << 63, False),  # N with PPN bits 3:0 = 0
            (2, good | 1 << 63 | 4 << 10, False),  # N with the pattern of another size
        ]
        root = Root({"satp": table.register()})
        for index, (depth, entry, works) in enumerate(entries):
            table.write(index << 30, depth, entry)
            answer = walker.translate(root, [Query(index << 30)])[0]
            assert (answer.physical is not None) == works, f"entry {entry:#x}: {answer}"
        assert walker.translate(root, [Query(1 << 38)])[0].fault == "load page"


if __name__ == "__main__":
    harness.main(globals())
