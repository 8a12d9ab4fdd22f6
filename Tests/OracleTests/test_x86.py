#!/usr/bin/env python3
"""x86 page tables (x86-32, x86-pae, x86-64, x86-64-la57) before an x86-64 CPU."""

import itertools
import os

from oracle import harness
from oracle.builders.x86 import SIZES, X86Table, leaf
from oracle.expect import ALL, EXECUTE, NOTHING, READ, WRITE, Expectation, Mapping, Questions, complaints, examine
from oracle.model import Query, Root
from oracle.pc import memory_file
from oracle.walkers.cpu_x86 import X86

ROOT, TABLES = 0x100_0000, 0x110_0000
INPUT_BITS = {"x86-32": 32, "x86-pae": 32, "x86-64": 48, "x86-64-la57": 57}


def canonical(address, mode):
    """Sign-extends an address where the mode wants that."""
    bits = INPUT_BITS[mode]
    return address | (1 << 64) - (1 << bits) if bits > 32 and address >> bits - 1 else address


def expected(mode, address, physical, size, write, user, execute, smep):
    may = {READ} | ({WRITE} if write else set()) | ({EXECUTE} if execute or mode == "x86-32" else set())
    supervisor = may - {EXECUTE} if smep and user else may
    return Mapping(address, physical, size, frozenset(may) if user else NOTHING, frozenset(supervisor))


def check_mode(mode, smep, seed):
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 8 << 30) as memory,
        X86(memory, mode, smep) as walker,
        harness.seeded_random(seed) as seeded,
    ):
        table = X86Table(memory, mode, ROOT, TABLES)
        mappings, taken = [], set()
        limit = 1 << INPUT_BITS[mode]
        high = memory.windows[1].base
        for size, write, user, execute in itertools.product(SIZES[mode], *[(False, True)] * 3):
            unit = max(size, 1 << 22)  # neighbours of a large leaf stay free
            while True:
                address = seeded.randrange(limit // size) * size
                if not {address // unit + near for near in (-1, 0, 1)} & taken:
                    break
            taken.add(address // unit)
            if size < 1 << 30 and seeded.random() < 0.5:
                physical = 0x2000_0000 + seeded.randrange(0x5000_0000) & -size
            elif mode == "x86-32" and size == 1 << 12:
                physical = 0x3000_0000 + seeded.randrange(0x4000_0000) & -size
            else:
                physical = high + seeded.randrange(6 << 30) & -size
            table.map(address, physical, size, write, user, execute, seeded.choice((0, 3, 5)) if size > 4096 else 0)
            mappings.append(expected(mode, canonical(address, mode), physical, size, write, user, execute, smep))
        before = memory.read(ROOT, 4096)
        questions = Questions(alignment=8, limit=1 << 64 if limit >> 32 > 1 else limit)
        root = Root({"table": ROOT})
        count = examine(Expectation(mappings), lambda asked: walker.translate(root, asked), questions, seeded)
        assert memory.read(ROOT, 4096) == before, "the walker wrote into the root"
        return f"{count} answers"


def test_x86_64():
    return check_mode("x86-64", smep=False, seed=11)


def test_x86_64_smep():
    return check_mode("x86-64", smep=True, seed=12)


def test_x86_64_la57():
    return check_mode("x86-64-la57", smep=False, seed=13)


def test_x86_pae():
    return check_mode("x86-pae", smep=False, seed=14)


def test_x86_32():
    return check_mode("x86-32", smep=False, seed=15)


def test_worked_vectors():
    """modern C: the builder makes the same words, and the CPU walks C1 to C4 as they stand."""
    assert leaf("x86-64", 0x345678000, 4096, True, False, False) | 0x160 == 0x8000000345678163
    assert leaf("x86-64", 0x400600000, 1 << 21, False, True, True, 5) | 0x20 == 0x00000004006010AD
    assert leaf("x86-64", 0xFEC0000000, 1 << 30, True, False, False, 3) | 0x60 == 0x800000FEC00000FB
    assert leaf("x86-pae", 0x987654000, 4096, True, False, False) | 0x60 == 0x8000000987654063
    assert leaf("x86-32", 0x5A40C00000, 1 << 22, True, False, True, 1) | 0x60 == 0x40CB40EB
    words = {
        0x1000888: 0x0000000001001027,
        0x1001020: 0x0000000001002027,
        0x10028D0: 0x0000000001003027,
        0x10032B0: 0x8000000345678163,
        0x10028D8: 0x00000004006010AD,
        0x1001030: 0x800000FEC00000FB,
    }
    expectation = Expectation(
        [
            Mapping(0xFFFF888123456000, 0x345678000, 4096, NOTHING, frozenset({READ, WRITE})),
            Mapping(0xFFFF888180000000, 0xFEC0000000, 1 << 30, NOTHING, frozenset({READ, WRITE})),
        ]
    )
    with harness.workspace() as directory, memory_file(os.path.join(directory, "ram"), 16 << 30) as memory:
        for place, word in words.items():
            memory.write_word(place, word)
        with X86(memory) as walker, harness.seeded_random(16) as seeded:
            queries = Questions(alignment=8, limit=1 << 64).about(expectation, seeded)
            root = Root({"table": 0x1000000})
            wrong = complaints(expectation, queries, walker.translate(root, queries))
            assert not wrong, "\n".join(wrong)
            # C3: the user may read and execute, since every entry above it has US and no NX; nobody may write.
            answers = walker.translate(root, [Query(0xFFFF888123600008, access) for access in (READ, EXECUTE, WRITE)])
            assert [answer.physical for answer in answers] == [0x400600008, 0x400600008, None], answers


def test_faults():
    """Reserved bits, addresses that are not canonical, and the AND of the permissions along the way."""
    with (
        harness.workspace() as directory,
        memory_file(os.path.join(directory, "ram"), 1 << 30) as memory,
        X86(memory) as walker,
    ):
        table = X86Table(memory, "x86-64", ROOT, TABLES)
        base = 3 << 39
        table.map(base, 0x2000_0000, 4096, True, True, True)
        table.write(base + 0x20_0000, 2, 0x2020_0000 | 1 << 13 | 0x87)  # 2M with bit 13 set: reserved
        for slot, entry_bits in ((4, 5), (5, 3), (6, 7 | 1 << 63)):  # a pointer without RW, without US, with NX
            table.map(slot << 39, 0x2000_0000, 4096, True, True, True)
            place = ROOT + 8 * slot
            memory.write_word(place, memory.read_word(place) & ~7 | entry_bits)
        root = Root({"table": ROOT})

        def ask(address, access, user=True):
            return walker.translate(root, [Query(address, access, user)])[0]

        assert ask(base, WRITE).physical == 0x2000_0000
        assert ask(base + 0x20_0000, READ).fault == "reserved bit"
        assert ask(1 << 47, READ).fault == "not canonical"
        assert ask(4 << 39, READ).physical == 0x2000_0000 and ask(4 << 39, WRITE).fault == "permission"
        assert ask(5 << 39, READ).fault == "permission" and ask(5 << 39, WRITE, user=False).physical == 0x2000_0000
        assert ask(6 << 39, WRITE).physical == 0x2000_0000 and ask(6 << 39, EXECUTE).fault == "permission"


if __name__ == "__main__":
    harness.main(globals())
