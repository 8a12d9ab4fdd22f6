#!/usr/bin/env python3
"""32-bit long descriptors (arm-lpae, stage 1) before a Cortex-A15."""

import itertools
import os

from oracle import harness
from oracle.builders.arm_long import LongTable, Stage1
from oracle.expect import EXECUTE, NOTHING, READ, WRITE, Expectation, Mapping, Questions, examine
from oracle.walkers.cpu_arm import ARMv7, Registers, memory_file

ROOT, TABLES = 0x4400_0000, 0x4410_0000
K, M, G = 1 << 10, 1 << 20, 1 << 30
SIZES = (4 * K, 64 * K, 2 * M, 32 * M)
MAIR = 0x4FF44
EAE = 1 << 31


def expected(address, physical, size, fields):
    """XN (bit 54) stops both privileges, PXN the supervisor; the user executes only what it may read."""
    may = frozenset({READ}) if fields.read_only else frozenset({READ, WRITE})
    user = may if fields.user else NOTHING
    supervisor = may
    if not fields.uxn:
        user = user | ({EXECUTE} if fields.user else NOTHING)
        supervisor = supervisor | (NOTHING if fields.pxn else {EXECUTE})
    return Mapping(address, physical, size, user, supervisor)


def check(split, high, seed):
    """A table for one half of the address space, or, with no split, for all of it."""
    bits = 32 - split
    base = (1 << 32) - (1 << bits) if high else 0
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 8 * G) as memory,
        ARMv7(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table, mappings, taken = LongTable(memory, 12, bits, ROOT, TABLES), [], set()
        for values in itertools.product((False, True), repeat=4):
            fields, size = Stage1(*values), seeded.choice(SIZES)
            free = [slot for slot in range(((1 << bits) >> 25) - 1) if not {slot - 1, slot, slot + 1} & taken]
            if not free:
                break
            slot = seeded.choice(free)
            taken.add(slot)
            address = (slot << 25) + seeded.randrange((32 * M) // size) * size
            physical = G + seeded.randrange(6 * G // size) * size + (1 << 28)
            table.map(address, physical & -size, size, fields)
            mappings.append(expected(base + address, physical & -size, size, fields))
        half = split | 0x3500
        control = EAE | (half << 16 | 1 << 7 if high else half | 1 << 23)
        registers = Registers(1, control, 0 if high else ROOT, ROOT if high else 0, prrr=MAIR, nmrr=0)
        count = examine(Expectation(mappings), lambda q: walker.translate(registers, q), Questions(), seeded)
        return f"{count} answers"


def test_whole_space():
    return check(0, False, 91)


def test_low_half():
    return check(1, False, 92)


def test_high_half():
    return check(1, True, 93)


def test_one_level_less():
    """Three leading bits leave 29 bits of input: the walk starts at level 2."""
    return check(2, True, 94)


if __name__ == "__main__":
    harness.main(globals())
