"""The SPARC reference MMU, walked by a SuperSPARC (SS-20), whose RAM may lie beyond 4 GiB.

Loads and stores name the address space of the user or of the supervisor; for executions the CPU goes to the address. Its
own code needs an address under the table that is being tested, so it walks a copy of the first level in which one slot of
16 MiB leads to the walker's memory; two copies with different slots serve, since a slot that is asked about must be the
real one. Faults leave their mark in the registers alone.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence

from ..memory_file import MemoryFile, Window
from ..model import Access, Answer, Query, Root
from ..probe import Outcome, Probe
from ..qemu import Machine

SCRATCH, SCRATCH_SIZE = 0x100_0000, 0x100_0000
"""The second 16 MiB of RAM are the walker's own."""

_CODE, _CONTEXTS, _COPIES, _SLOTS = 0x1000, 0x2000, (0x4000, 0x5000), (0x40, 0x41)
_O0, _O1, _PSR, _TBR, _PC, _NPC = 8, 9, 65, 67, 68, 69
_SUPERVISOR, _USER = 0xFA0, 0xF20  # traps on, interrupts masked
_WINDOW = 0x1F
_TRAPS = 0xFFFF_F000
_CONTROL, _CONTEXT_TABLE, _CONTEXT = 0x000, 0x100, 0x200
_MMU_SPACE, _FLUSH_SPACE, _USER_DATA, _SUPERVISOR_DATA = 4, 3, 0xA, 0xB
_FLUSH_ALL = 0x400
_TABLE, _OWN_PAGE = 1, 0xFE  # supervisor: everything; cacheable, modified, referenced
_FAULTS = {1: "instruction access", 9: "data access"}


def _load(space: int) -> int:
    """LDA [%o0] space, %o1"""
    return 0xD282_0000 | space << 5


def _store(space: int) -> int:
    """STA %o1, [%o0] space"""
    return 0xD2A2_0000 | space << 5


def _returning(value: int) -> bytes:
    """MOV value, %o1"""
    return struct.pack(">I", 0x9210_2000 | value)


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine, from address 0."""
    return MemoryFile(path, [Window(0, size, 0)])


class SPARC:
    """The machine, on from the first translation."""

    def __init__(self, memory: MemoryFile) -> None:
        firmware = os.path.join(os.path.dirname(memory.path), "store.rom")
        with open(firmware, "wb") as file:
            file.write(struct.pack(">I", _store(_MMU_SPACE)) * 1024)
        self._memory = memory
        self._machine = Machine("qemu-system-sparc", memory, "SS-20", ["-bios", firmware])
        self._probe = Probe(memory, _returning, value_bits=12, order="big")
        self._code, self._is_on = 0, False
        self._registers = self._machine.gdb.read_registers()

    def __enter__(self) -> SPARC:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def _set(self, values: dict[int, int]) -> None:
        """Gives registers other values; the stub takes them only all at once."""
        for register, value in values.items():
            struct.pack_into(">I", self._registers, 4 * register, value)
        self._machine.gdb.write_registers(self._registers)

    def _get(self, register: int) -> int:
        """A register as it was after the last step."""
        return struct.unpack_from(">I", self._registers, 4 * register)[0]

    def _step(self, place: int, first: int, second: int, state: int = _SUPERVISOR) -> int | None:
        """Executes the instruction at `place` with two values in its registers; the type of its trap, if it takes one."""
        next_place = place + 4 & 0xFFFF_FFFF
        values = {_PSR: state, _TBR: _TRAPS, _O0: first, _O1: second, _PC: place, _NPC: next_place}
        if self._get(_PSR) & _WINDOW != state & _WINDOW:
            # A trap has turned the window, which is turned back before the registers in it are set.
            self._set({_PSR: state})
            self._registers = self._machine.gdb.read_registers()
        self._set(values)
        self._machine.gdb.step()
        self._registers = self._machine.gdb.read_registers()
        after = self._get(_PC)
        return None if after == next_place else after - _TRAPS >> 4

    def _execute(self, instruction: int, first: int, second: int) -> int | None:
        """Puts an instruction where the walker's code is (the ROM, while the MMU is off, has one already)."""
        self._memory.write_word(SCRATCH + _CODE, instruction, 4, "big")
        return self._step(self._code, first, second)

    def _use(self, copy: int) -> None:
        """Goes over to one of the two copies, each of which is a context."""
        for register, value in ((_CONTEXT_TABLE, SCRATCH + _CONTEXTS >> 4), (_CONTEXT, copy), (_CONTROL, 1)):
            if self._execute(_store(_MMU_SPACE), register, value) is not None:
                raise RuntimeError("the CPU does not load its MMU's registers")
            if register == _CONTEXT and self._is_on or register == _CONTROL:
                self._code = (_SLOTS[copy] << 24) + _CODE
        self._is_on = True
        self._execute(_store(_FLUSH_SPACE), _FLUSH_ALL, 0)

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        """Makes every access in the context `ctx` of the context table that `ctpr` leads to."""
        memory = self._memory
        entry = memory.read_word((root.number("ctpr") << 4) + 4 * root.number("ctx"), 4, "big")
        if entry & 3 != _TABLE:
            raise AssertionError(f"the context's entry {entry:#x} leads to no table")
        first_level = memory.read((entry & ~3) << 4, 1024)
        for number, (copy, slot) in enumerate(zip(_COPIES, _SLOTS)):
            memory.write(SCRATCH + copy, first_level)
            memory.write_word(SCRATCH + copy + 4 * slot, SCRATCH >> 12 << 8 | _OWN_PAGE, 4, "big")
            memory.write_word(SCRATCH + _CONTEXTS + 4 * number, SCRATCH + copy >> 4 | _TABLE, 4, "big")
        answers: dict[Query, Answer] = {}
        for copy in (0, 1):
            part = [query for query in queries if (query.address >> 24 == _SLOTS[0]) == (copy == 1)]
            self._use(copy)
            answers.update(self._probe.passes(part, self._locate, self._run))
        return [answers[query] for query in queries]

    def _locate(self, queries: Sequence[Query]) -> list[int | None]:
        self._set({_PSR: _SUPERVISOR})
        return [self._machine.monitor.physical_address(query.address) for query in queries]

    def _run(self, queries: Sequence[Query], values: Sequence[int]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for query, value in zip(queries, values, strict=True):
            space = _USER_DATA if query.user else _SUPERVISOR_DATA
            if query.access is Access.EXECUTE:
                trap = self._step(query.address, 0, 0, _USER if query.user else _SUPERVISOR)
            else:
                instruction = _store(space) if query.access is Access.WRITE else _load(space)
                trap = self._execute(instruction, query.address, value)
            if trap is None:
                outcomes.append((None, self._get(_O1)))
            elif trap in _FAULTS:
                outcomes.append((_FAULTS[trap], 0))
            else:
                raise RuntimeError(f"{query}: trap {trap:#x}")
        return outcomes
