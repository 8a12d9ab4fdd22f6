#!/usr/bin/env python3
"""AArch64 tables (arm64-4k, -16k, -64k and arm64-s2-*) before an AArch64 CPU."""

import itertools
import os

from oracle import harness
from oracle.builders.arm_long import GRANULES, LongTable, Stage1, Stage2
from oracle.expect import EXECUTE, NOTHING, READ, WRITE, Expectation, Mapping, Questions, complaints, examine
from oracle.model import Query
from oracle.walkers.cpu_aarch64 import AArch64, Registers, memory_file

ROOT, TABLES = 0x4400_0000, 0x4410_0000
MAIR = 0x4FF44
K, M, G = 1 << 10, 1 << 20, 1 << 30
SIZES = {
    "4k": (4 * K, 64 * K, 2 * M, 32 * M, G),
    "16k": (16 * K, 2 * M, 32 * M, G),
    "64k": (64 * K, 2 * M, 512 * M),
}
TG0 = {"4k": 0, "16k": 2, "64k": 1}
TG1 = {"4k": 2, "16k": 1, "64k": 3}
PHYSICAL_48 = 5


def low_tcr(name, bits, physical=PHYSICAL_48, ds=False):
    return 64 - bits | 0x3500 | TG0[name] << 14 | 1 << 23 | physical << 32 | ds << 59


def high_tcr(name, bits):
    return (64 - bits) << 16 | 0x3500 << 16 | TG1[name] << 30 | 1 << 7 | PHYSICAL_48 << 32


def stage1_mapping(address, physical, size, fields):
    """A page that EL0 may write is never executable at EL1."""
    may = frozenset({READ}) if fields.read_only else frozenset({READ, WRITE})
    user = may | (NOTHING if fields.uxn else {EXECUTE}) if fields.user else NOTHING
    if not fields.user and not fields.uxn:
        user = frozenset({EXECUTE})  # AP leaves EL0 without data access; UXN alone decides about execution
    writable_by_user = fields.user and not fields.read_only
    supervisor = may | (NOTHING if fields.pxn or writable_by_user else {EXECUTE})
    return Mapping(address, physical, size, user, supervisor)


def places(seeded, sizes, limit, physical_limit, count, high=0):
    """Random places for leaves, far from each other; physical ones in RAM behind the tables."""
    taken = set()
    for number in range(count):
        size = sizes[number % len(sizes)]
        while True:
            address = seeded.randrange(limit // size) * size
            around = {(address >> 30) + step for step in (-1, 0, 1)}
            if not around & taken:
                break
        taken.add(address >> 30)
        low = max(size, 0x8000_0000)
        yield address | high, low + seeded.randrange((physical_limit - low) // size) * size, size


def check_stage1(name, bits, seed, high=False):
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 16 * G) as memory,
        AArch64(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = LongTable(memory, GRANULES[name], bits, ROOT, TABLES)
        base = (1 << 64) - (1 << bits) if high else 0
        fields = [
            Stage1(user, read_only, uxn, pxn)
            for user, read_only, uxn, pxn in itertools.product((False, True), repeat=4)
        ] * 2
        mappings = []
        spots = places(seeded, SIZES[name], 1 << min(bits, 47), 15 * G, len(fields), base)
        for (address, physical, size), leaf in zip(spots, fields):
            table.map(address & (1 << bits) - 1, physical, size, leaf)
            mappings.append(stage1_mapping(address, physical, size, leaf))
        registers = Registers(low_tcr(name, bits), ttbr0=ROOT, mair=MAIR)
        if high:
            registers = Registers(high_tcr(name, bits), ttbr1=ROOT, mair=MAIR)
        questions = Questions(page=1 << GRANULES[name], limit=1 << 64)
        count = examine(Expectation(mappings), lambda q: walker.translate(registers, q), questions, seeded)
        return f"{count} answers"


def test_stage1_4k():
    return check_stage1("4k", 48, 51)


def test_stage1_4k_39_bits():
    return check_stage1("4k", 39, 52)


def test_stage1_4k_high_half():
    return check_stage1("4k", 48, 53, high=True)


def test_stage1_16k():
    return check_stage1("16k", 48, 54)


def test_stage1_16k_high_half():
    return check_stage1("16k", 47, 55, high=True)


def test_stage1_64k():
    return check_stage1("64k", 48, 56)


def test_stage1_64k_high_half():
    return check_stage1("64k", 42, 57, high=True)


def check_stage2(name, bits, start, start_code, seed):
    """Every S2AP with every XN (exec-only pages excepted: nothing tells where they lead)."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 16 * G) as memory,
        AArch64(memory) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = LongTable(memory, GRANULES[name], bits, ROOT, TABLES, start)
        rights = ((True, False), (False, True), (True, True))
        fields = [Stage2(read, write, never) for (read, write), never in itertools.product(rights, range(4))] * 2
        fields.append(Stage2(False, False, 2))
        mappings = []
        for (address, physical, size), leaf in zip(places(seeded, SIZES[name], 1 << bits, 15 * G, 25), fields):
            table.map(address, physical, size, leaf)
            may = frozenset(({READ} if leaf.read else set()) | ({WRITE} if leaf.write else set()))
            user = may | {EXECUTE} if leaf.execute_never in (0, 1) else may
            supervisor = may | {EXECUTE} if leaf.execute_never in (0, 3) else may
            mappings.append(Mapping(address, physical, size, user, supervisor))
        vtcr = 1 << 31 | PHYSICAL_48 << 16 | TG0[name] << 14 | 0x3500 | start_code << 6 | 64 - bits
        registers = Registers(vtcr=vtcr, vttbr=ROOT)
        # With stage 1 off, an address above the physical width is stage 1's business.
        questions = Questions(page=1 << GRANULES[name], limit=1 << min(bits, 48))
        count = examine(Expectation(mappings), lambda q: walker.translate(registers, q), questions, seeded)
        return f"{count} answers"


def test_stage2_4k_concatenated():
    """40 bits: two level-1 tables side by side (modern B6 to B8)."""
    return check_stage2("4k", 40, 1, 1, 61)


def test_stage2_4k_48_bits():
    return check_stage2("4k", 48, 0, 2, 62)


def test_stage2_16k():
    return check_stage2("16k", 40, 2, 1, 63)


def test_stage2_64k():
    return check_stage2("64k", 42, 2, 1, 64)


def test_52_bits():
    """LPA2 with 4K (modern B13) and LPA with 64K (B11): addresses only, there is no memory so high."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), G) as memory,
        AArch64(memory) as walker,
    ):
        four = LongTable(memory, 12, 52, ROOT, TABLES, wide=True)
        four.map(0x7FFFFFF000, 0xD23456789A000, 4 * K, Stage1())
        sixty_four = LongTable(memory, 16, 52, ROOT + 0x20_0000, TABLES + 0x40_0000, wide=True)
        sixty_four.map(0xFEDCBA9870000, 0xFEDCBA9870000, 64 * K, Stage1())
        for name, root, address, physical in (
            ("4k", ROOT, 0x7FFFFFF123, 0xD23456789A123),
            ("64k", ROOT + 0x20_0000, 0xFEDCBA9871234, 0xFEDCBA9871234),
        ):
            registers = Registers(low_tcr(name, 52, 6, ds=name == "4k"), ttbr0=root, mair=MAIR)
            answer = walker.translate(registers, [Query(address)])[0]
            assert answer.physical == physical, f"{name}: {answer}"


def test_worked_vectors():
    """modern B2 to B5 as they stand: the words, and where the CPU goes."""
    words = {
        0x80000120: 0x0000000080001003,
        0x80001688: 0x0000000080002003,
        0x80002598: 0x0000000080003003,
        0x80003C48: 0x006000089ABCDF47,
        0x800025A0: 0x0000001234600F81,
        0x80001690: 0x0060000040000F49,
    }
    words |= {0x80003C80 + 8 * copy: 0x0010000777770F47 + 0x1000 * copy for copy in range(16)}
    both = frozenset({READ, WRITE})
    expectation = Expectation(
        [
            Mapping(0x123456789000, 0x89ABCD000, 4 * K, both, both),
            Mapping(0x123456790000, 0x777770000, 64 * K, both | {EXECUTE}, both),
            Mapping(0x123480000000, 0x40000000, G, both, both),
        ]
    )
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), 64 * G) as memory:
        for place, word in words.items():
            memory.write_word(place, word)
        with AArch64(memory) as walker, harness.seeded_random(65) as seeded:
            registers = Registers(0x500803510, ttbr0=0x80000000, mair=MAIR)
            queries = Questions(limit=1 << 48).about(expectation, seeded)
            wrong = complaints(expectation, queries, walker.translate(registers, queries))
            assert not wrong, "\n".join(wrong)
            # B3: privileged only, and far above RAM.
            asked = [Query(0x123456812345, READ, user) for user in (False, True)]
            answers = walker.translate(registers, asked)
            assert answers[0].physical == 0x1234612345 and answers[1].fault == "permission", answers


def test_hierarchical_attributes():
    """APTable, UXNTable and PXNTable only take away; AF = 0 faults; a level-3 entry with bit 1 clear faults."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), G) as memory,
        AArch64(memory) as walker,
    ):
        table = LongTable(memory, 12, 48, ROOT, TABLES)
        for slot, extra in ((1, 0), (2, 1 << 61), (3, 2 << 61), (4, 1 << 60), (5, 1 << 59)):
            table.map(slot << 39, 0x5000_0000, 4 * K, Stage1(read_only=slot >= 4))
            place = ROOT + 8 * slot
            memory.write_word(place, memory.read_word(place) | extra)
        table.map(6 << 39, 0x5000_0000, 4 * K, Stage1(accessed=False))
        table.write(7 << 39, 3, 0x5000_0000 | Stage1().bits() | 1)
        registers = Registers(low_tcr("4k", 48), ttbr0=ROOT, mair=MAIR)

        def ask(slot, access, user=True):
            answer = walker.translate(registers, [Query(slot << 39, access, user)])[0]
            return answer.fault

        assert ask(1, WRITE) is None
        assert ask(2, READ) == "permission" and ask(2, WRITE, False) is None
        assert ask(3, WRITE, False) == "permission" and ask(3, READ) is None
        assert ask(4, EXECUTE) == "permission" and ask(4, EXECUTE, False) is None
        assert ask(5, EXECUTE) is None and ask(5, EXECUTE, False) == "permission"
        assert ask(6, READ) == "access flag" and ask(7, READ) == "translation"


if __name__ == "__main__":
    harness.main(globals())
