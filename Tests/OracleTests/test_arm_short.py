#!/usr/bin/env python3
"""ARM short descriptors (arm-v7s, msm-smmu) before a Cortex-A15."""

import os

from oracle import harness
from oracle.builders.short_descriptor import LARGE, SECTION, SIZES, SMALL, SUPERSECTION, Attributes, ShortDescriptorTable
from oracle.expect import ALL, EXECUTE, NOTHING, READ, WRITE, Expectation, Mapping, Questions, complaints, examine
from oracle.walkers.cpu_arm import ARMv7, Registers, memory_file

TABLE, SECOND_LEVEL = 0x8000_4000, 0x8FF0_0000
SCTLR = 1 | 1 << 28  # M, TRE
AFE = 1 << 29
RW, RX, R = frozenset({READ, WRITE}), frozenset({READ, EXECUTE}), frozenset({READ})

# AP[2:0] with AFE=0: what the user may do and what the supervisor may do, execution allowed.
PERMISSIONS = {
    0b000: (NOTHING, NOTHING),
    0b001: (NOTHING, ALL),
    0b010: (RX, ALL),
    0b011: (ALL, ALL),
    0b101: (NOTHING, RX),
    0b110: (RX, RX),
    0b111: (RX, RX),
}


def expected(address, physical, size, attributes):
    """The mapping that a leaf with these attributes makes."""
    user, supervisor = PERMISSIONS[attributes.ap]
    if attributes.execute_never:
        user, supervisor = user - {EXECUTE}, supervisor - {EXECUTE}
    if attributes.privileged_execute_never:
        supervisor = supervisor - {EXECUTE}
    return Mapping(address, physical, size, user, supervisor)


def test_worked_vectors():
    """modern A2-A7 (AFE=1 where they say so) and legacy M, R: the words themselves, walked."""
    words = {  # (level-1 index, level-2 index or None): word, as the vectors give it
        (0x123, None): 0x8FF00401,
        (0x123, 0x45): 0x89ABCC7E,
        **{(0x123, 0x50 + copy): 0x9A569E31 for copy in range(16)},
        (0x201, None): 0xA03B0416,
        **{(0x310 + copy, None): 0x42071C0E for copy in range(16)},
        **{(0x410 + copy, None): 0x34271C2E for copy in range(16)},
    }
    expectation = Expectation(
        [
            Mapping(0x12345000, 0x89ABC000, SMALL),
            Mapping(0x12350000, 0x9A560000, LARGE, R, R),
            Mapping(0x20100000, 0xA0300000, SECTION, NOTHING, RW),
            Mapping(0x31000000, 0x42000000, SUPERSECTION),
            Mapping(0x41000000, 0x12_34000000, SUPERSECTION, RW, RW),  # no RAM there: not asked to execute
        ]
    )
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), 3 << 30) as memory:
        for (first, second), word in words.items():
            place = TABLE + 4 * first if second is None else SECOND_LEVEL + 0x400 + 4 * second
            memory.write_word(place, word, 4)
        with ARMv7(memory) as walker, harness.seeded_random(1) as seeded:
            questions = Questions()
            registers = Registers(sctlr=SCTLR | AFE, ttbr0=0x8000406A)
            queries = [
                query
                for query in questions.about(expectation, seeded)
                if not (query.access is EXECUTE and query.address >> 24 == 0x41)
            ]
            wrong = complaints(expectation, queries, walker.translate(registers, queries))
            assert not wrong, "\n".join(wrong)
            return f"{len(queries)} answers"


def test_every_size_and_permission():
    """Each size with each AP, XN and PXN, at random places."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 3 << 30) as memory,
        ARMv7(memory) as walker,
        harness.seeded_random(2) as seeded,
    ):
        table = ShortDescriptorTable(memory, TABLE, SECOND_LEVEL)
        mappings = []
        # PXN of a small or large page is that of its level-1 entry, so each leaf has a megabyte of its own.
        places = seeded.sample(range(1, 255), 56)
        for ap in PERMISSIONS:
            for size in SIZES:
                for execute_never in (False, True):
                    privileged = seeded.random() < 0.5
                    attributes = Attributes(ap, seeded.choice((0, 1, 2, 3, 7)), execute_never, privileged)
                    address = places.pop() << 24
                    physical = 0x4100_0000 + seeded.randrange(0x3E << 24) & -size
                    if size < SUPERSECTION:
                        address += seeded.randrange(16) * size
                    table.map(address, physical, size, attributes)
                    mappings.append(expected(address, physical, size, attributes))
        registers = Registers(sctlr=SCTLR, ttbr0=TABLE)
        count = examine(Expectation(mappings), lambda q: walker.translate(registers, q), Questions(), seeded)
        return f"{count} answers"


def test_split_tables():
    """TTBCR.N = 0..7: low addresses through a small TTBR0 table, the rest through TTBR1."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 3 << 30) as memory,
        ARMv7(memory) as walker,
        harness.seeded_random(3) as seeded,
    ):
        count = 0
        for split in range(1, 8):
            low_base, high_base = 0x8000_0000 + (split << 20), 0x8100_0000 + (split << 20)
            low = ShortDescriptorTable(memory, low_base, SECOND_LEVEL + (split << 18))
            high = ShortDescriptorTable(memory, high_base, SECOND_LEVEL + (split << 18) + (1 << 17))
            boundary = 1 << 32 - split
            mappings = []
            for table, address in ((low, 0), (low, boundary - SMALL), (high, boundary), (high, 0xFFFF_F000)):
                physical = 0x4200_0000 + seeded.randrange(1 << 14) * SMALL
                table.map(address, physical, SMALL, Attributes(0b011))
                mappings.append(Mapping(address, physical, SMALL))
            registers = Registers(sctlr=SCTLR, ttbcr=split, ttbr0=low_base, ttbr1=high_base)
            questions = Questions(accesses=(READ, WRITE))
            count += examine(Expectation(mappings), lambda q: walker.translate(registers, q), questions, seeded)
        return f"{count} answers"


if __name__ == "__main__":
    harness.main(globals())
