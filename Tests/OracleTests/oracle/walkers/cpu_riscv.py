"""RISC-V tables: Sv32 Sv39 Sv48 Sv57 and the G-stage Sv32x4 to Sv57x4, walked by a CPU (`virt` machine).

Machine mode, which no table translates, makes loads and stores with the rights of a lower mode, and enters that mode
for executions. `gva2gpa`, asked while the CPU stands in supervisor mode, tells where an address leads.

QEMU 7.2 sets A and D by itself, takes no G-stage address of the upper half of the widened range, and lets a load with
MPRV through untranslated in the page that the program itself runs in; so there are two copies of the program. With 32
bits it cuts physical addresses of accesses at 4 GiB, though gva2gpa shows all 34.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence

from ..assembler import assemble
from ..memory_file import MemoryFile, Window
from ..model import Access, Answer, Query, Root
from ..probe import Outcome, Probe
from ..qemu import Machine

RAM_BASE = 0x8000_0000
SCRATCH_SIZE = 1 << 20
"""The first bytes of RAM are the walker's own."""

_COPIES = (RAM_BASE, RAM_BASE + 0x4000)
_PARAMETERS, _RECORDS = RAM_BASE + 0x8000, RAM_BASE + 0x8040
_BATCH = (SCRATCH_SIZE - 0x9000) // 32
_S0, _PC = 8, 32
_OPERATIONS = {Access.READ: 0, Access.WRITE: 1, Access.EXECUTE: 2}
_GUEST, _VISIT = 8, 16
_PARKING_TRIES = 200
_ECALL = 0x73
_CAUSES = {
    1: "instruction access", 2: "illegal instruction", 5: "load access", 7: "store access",
    12: "instruction page", 13: "load page", 15: "store page",
    20: "instruction guest page", 21: "load guest page", 23: "store guest page",
}  # fmt: skip
_MAPPED = (8, 9, 10)  # ECALL from user, supervisor, VS mode


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine: `size` bytes at 0x80000000, the first `SCRATCH_SIZE` of them for the walker."""
    return MemoryFile(path, [Window(RAM_BASE, size, 0)])


class RISCV:
    """The machine, 32 or 64 bits wide. Supervisor loads and stores may reach user pages (SUM)."""

    def __init__(self, memory: MemoryFile, bits: int = 64) -> None:
        self._memory, self._word = memory, bits // 8
        options = [f"--target=riscv{bits}-none-elf", f"-march=rv{bits}i_zicsr", "-mno-relax"]
        self._guest = assemble("riscv.S", *options)
        cpu = f"rv{bits},h=true" + (",svpbmt=true,svnapot=true" if bits == 64 else "")
        arguments = ["-bios", "none", "-cpu", cpu, "-smp", "1"]
        self._machine = Machine(f"qemu-system-riscv{bits}", memory, "virt", arguments)
        self._probe = Probe(memory, _returning, value_bits=11)
        self._root = (0, 0)
        self._anywhere = random.Random(0xFA17)
        for copy in _COPIES:
            memory.write(copy, self._guest.code)
        self._machine.gdb.write_register(_S0, _PARAMETERS, self._word)
        self._enter(_COPIES[0])

    def _enter(self, copy: int) -> None:
        """Goes on with a copy of the program, up to where it waits for a batch."""
        self._copy = copy
        self._machine.gdb.write_register(_PC, copy, self._word)
        self._machine.gdb.run_to(self._label("waiting"))

    def _label(self, name: str) -> int:
        return self._copy + self._guest.labels[name]

    def __enter__(self) -> RISCV:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        """Makes every access under `satp` or, as a guest with no stage of its own, under `hgatp`."""
        self._root = (root.number("satp", 0), root.number("hgatp", 0))
        answers: dict[Query, Answer] = {}
        for copy in _COPIES:
            part = [query for query in queries if (query.address >> 12 == _COPIES[0] >> 12) == (copy == _COPIES[1])]
            self._enter(copy)
            for start in range(0, len(part), _BATCH):
                answers.update(self._probe.passes(part[start : start + _BATCH], self._locate, self._run))
        return [answers[query] for query in queries]

    @property
    def _guest_bit(self) -> int:
        return _GUEST if self._root[1] else 0

    def _write_batch(self, records: list[tuple[int, int, int]]) -> None:
        data = struct.pack("<8Q", *self._root, len(records), 0, 0, 0, 0, 0)
        data += b"".join(struct.pack("<4Q", address, operation, 0, value) for address, operation, value in records)
        self._memory.write(_PARAMETERS, data)

    def _locate(self, queries: Sequence[Query]) -> list[int | None]:
        """Where addresses lead, seen from supervisor mode; machine mode comes back by a fault."""
        gdb, monitor = self._machine.gdb, self._machine.monitor
        self._write_batch([(0, _VISIT | self._guest_bit, 0)])
        gdb.step()
        gdb.run_to(self._label("leave"))
        gdb.step()
        places = [monitor.physical_address(query.address) for query in queries]
        gdb.write_register(_PC, self._unmapped_page(), self._word)
        gdb.run_to(self._label("waiting"))
        return places

    def _unmapped_page(self) -> int:
        """A page that the table does not map. Tables of a few large blocks map many a page in a row: so any page of the
        whole space is tried, not one after the other."""
        limit = 1 << 32 if self._word == 4 else 1 << 38
        for _ in range(_PARKING_TRIES):
            page = self._anywhere.randrange(0, limit, 4096)
            if self._machine.monitor.physical_address(page) is None:
                return page
        raise RuntimeError(f"none of {_PARKING_TRIES} pages is unmapped: the table leaves no way back to machine mode")

    def _run(self, queries: Sequence[Query], values: Sequence[int]) -> list[Outcome]:
        gdb = self._machine.gdb
        operations = [_OPERATIONS[query.access] | query.user << 2 | self._guest_bit for query in queries]
        self._write_batch([(q.address, o, v) for q, o, v in zip(queries, operations, values, strict=True)])
        gdb.step()
        gdb.run_to(self._label("waiting"))
        raw = self._memory.read(_RECORDS, 32 * len(queries))
        return [_decode(outcome & 0xFFFF_FFFF, value) for _, _, outcome, value in struct.iter_unpack("<4Q", raw)]


def _decode(outcome: int, value: int) -> Outcome:
    if outcome == 1 or outcome >> 8 in _MAPPED:
        return None, value & 0xFFFF_FFFF
    return _CAUSES.get(outcome >> 8, f"cause {outcome >> 8}"), 0


def _returning(value: int) -> bytes:
    """Code that traps with `value` in a0."""
    return struct.pack("<II", value << 20 | 10 << 7 | 0x13, _ECALL)
