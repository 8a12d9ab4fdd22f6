"""x86 page tables: 32-bit, PAE, 4 and 5 levels, walked by an x86-64 CPU (`q35` machine).

The CPU makes each access itself, as supervisor or as user, with an interrupt table that records the faults. Its code
needs an address under the table that is being tested, so it loads a copy of the root in which one slot leads to the
walker's own memory; two copies with different slots serve, since a slot that is asked about must be the real one.
`gva2gpa` tells where an address leads, and the data that moves there prove that the access went the same way.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from ..assembler import assemble
from ..memory_file import MemoryFile
from ..model import Access, Answer, Query, Root
from ..pc import SCRATCH, SCRATCH_SIZE
from ..probe import Outcome, Probe
from ..qemu import Machine

_PARAMETERS, _GDT, _IDT, _TSS = 0x1000, 0x2000, 0x3000, 0x4000
_HOME, _SHADOW, _TABLES, _RECORDS = 0x8000, 0x9000, 0xA000, 0x20000
_RECORD = 32
_BATCH = (SCRATCH_SIZE - _RECORDS) // _RECORD

_EBX, _RIP, _CS, _SS, _DS, _ES, _CR0 = 1, 16, 18, 19, 20, 21, 27
_PROTECTED, _PAGED = 0x0000_0011, 0x8001_0011  # CR0: PE ET; and PG, WP
_CR4_PSE, _CR4_PAE, _CR4_LA57, _CR4_SMEP = 1 << 4, 1 << 5, 1 << 12, 1 << 20
_EFER_LME, _EFER_NXE = 1 << 8, 1 << 11
_HANDLERS = {6: "invalid_opcode", 12: "stack_fault", 13: "protection_fault", 14: "page_fault", 0x80: "system_call"}
_OPERATIONS = {Access.READ: 0, Access.WRITE: 1, Access.EXECUTE: 2}


@dataclass(frozen=True)
class Mode:
    """One paging mode: the registers that choose it, and the shifts of its levels from the root down."""

    cr4: int
    efer: int
    shifts: tuple[int, ...]
    entry_bytes: int = 8
    root_entries: int = 512
    wide: bool = True

    @property
    def slot_shift(self) -> int:
        return self.shifts[0]


MODES = {
    "x86-32": Mode(_CR4_PSE, 0, (22, 12), entry_bytes=4, root_entries=1024, wide=False),
    "x86-pae": Mode(_CR4_PAE, _EFER_NXE, (30, 21, 12), root_entries=4, wide=False),
    "x86-64": Mode(_CR4_PAE, _EFER_LME | _EFER_NXE, (39, 30, 21, 12)),
    "x86-64-la57": Mode(_CR4_PAE | _CR4_LA57, _EFER_LME | _EFER_NXE, (48, 39, 30, 21, 12)),
}


def mode_of(root: Root) -> str:
    """The paging mode that the registers of a root choose."""
    cr4, efer = root.number("cr4"), root.number("efer", 0)
    if efer & _EFER_LME:
        return "x86-64-la57" if cr4 & _CR4_LA57 else "x86-64"
    return "x86-pae" if cr4 & _CR4_PAE else "x86-32"


class X86:
    """The machine in one paging mode. With `smep`, the supervisor must not execute what the user may."""

    def __init__(self, memory: MemoryFile, mode: str = "x86-64", smep: bool = False) -> None:
        self._memory = memory
        self._mode = MODES[mode]
        self._cr4 = self._mode.cr4 | (_CR4_SMEP if smep else 0)
        wide = self._mode.wide
        self._guest = assemble("x86.S", f"--target={'x86_64' if wide else 'i386'}-none-elf", *["-DWIDE"] * wide)
        self._machine = Machine("qemu-system-x86_64", memory, "q35", ["-cpu", "max,phys-bits=52"])
        self._probe = Probe(memory, _returning)
        self._used = False

    def __enter__(self) -> X86:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        """Makes every access under the table at `table`. Memory that the accesses touch is left as it was."""
        table, answers = root.number("table"), {}
        for slot in (1, 2):
            asked = [query for query in queries if (self._slot(query.address) == 1) == (slot == 2)]
            for start in range(0, len(asked), _BATCH // 2):
                part = asked[start : start + _BATCH // 2]
                if part:
                    answers.update(self._under(table, slot, part))
        return [answers[query] for query in queries]

    def _slot(self, address: int) -> int:
        return address >> self._mode.slot_shift & self._mode.root_entries - 1

    def _under(self, table: int, slot: int, queries: list[Query]) -> dict[Query, Answer]:
        self._enter(table, slot)
        monitor = self._machine.monitor
        return self._probe.passes(
            queries,
            lambda part: [monitor.physical_address(query.address) for query in part],
            lambda part, values: self._run(slot, part, values),
        )

    def _enter(self, table: int, slot: int) -> None:
        """From reset into the paging mode, up to where the program waits for its first batch."""
        memory, mode = self._memory, self._mode
        if self._used:
            self._machine.monitor.execute("system_reset")
        self._used = True
        labels = self._guest.labels
        base = slot << mode.slot_shift
        memory.clear(SCRATCH, SCRATCH_SIZE)
        memory.write(SCRATCH, self._guest.code)
        self._write_segments(base)
        self._write_tables(table, slot)
        selector = 0x18 if mode.wide else 0x08
        parameters = (self._cr4, SCRATCH + _HOME, mode.efer, _PAGED)
        parameters += (SCRATCH + labels["paged"] | selector << 32, base, SCRATCH + _SHADOW)
        memory.write(SCRATCH + _PARAMETERS, struct.pack("<7Q", *parameters))
        gdb = self._machine.gdb
        gdb.write_register(_CR0, _PROTECTED, 8)
        gdb.write_register(_CS, 0x08, 4)
        for segment in (_SS, _DS, _ES):
            gdb.write_register(segment, 0x10, 4)
        gdb.write_register(_EBX, SCRATCH, 8)
        gdb.write_register(_RIP, SCRATCH, 8)
        gdb.run_to(base + labels["waiting"])

    def _write_segments(self, base: int) -> None:
        """Descriptors of flat segments; a task state with a kernel stack; gates for the faults and for INT 0x80."""
        memory, wide = self._memory, self._mode.wide
        task, data, code = base + _TSS, 0x00CF_9300_0000_FFFF, 0x00CF_9B00_0000_FFFF
        long_code, user = 0x00AF_9B00_0000_FFFF, 0x0000_6000_0000_0000
        user_code = (long_code if wide else code) | user
        system = 0x67 | (task & 0xFF_FFFF) << 16 | 0x89 << 40 | (task >> 24 & 0xFF) << 56
        gdt = struct.pack("<8Q", 0, code, data, long_code, user_code, data | user, system, task >> 32)
        memory.write(0, gdt)  # where a CPU looks after reset
        memory.write(SCRATCH + _GDT, gdt)
        memory.write(SCRATCH + _TSS, struct.pack("<IQ" if wide else "<III", 0, base + 0x6000, *[0x10] * (not wide)))
        memory.write_word(SCRATCH + _TSS + 0x66, 0x68, 2)
        for vector, label in _HANDLERS.items():
            target = base + self._guest.labels[label]
            gate = (0xEE if vector == 0x80 else 0x8E) << 40 | (0x18 if wide else 0x08) << 16
            gate |= target & 0xFFFF | (target >> 16 & 0xFFFF) << 48
            size = 16 if wide else 8
            memory.write(SCRATCH + _IDT + size * vector, struct.pack("<QQ", gate, target >> 32)[:size])
        for place, limit, address in ((0x40, len(gdt) - 1, base + _GDT), (0x50, 0xFFF, base + _IDT)):
            memory.write(SCRATCH + _PARAMETERS + place, struct.pack("<HQ", limit, address))

    def _write_tables(self, table: int, slot: int) -> None:
        """The table to start from (itself in slot 0 and in `slot`), and the copy of the table under test."""
        memory, size = self._memory, self._mode.entry_bytes
        root = memory.read(table, self._mode.root_entries * size)
        memory.write(SCRATCH + _SHADOW, root)
        for home, place in ((0, SCRATCH + _TABLES), (slot, SCRATCH + _TABLES + 0x8000)):
            entry = self._chain(place, slotted=home == slot)
            memory.write_word(SCRATCH + _HOME + home * size, entry, size)
            if home == slot:
                memory.write_word(SCRATCH + _SHADOW + slot * size, entry, size)

    def _chain(self, place: int, slotted: bool) -> int:
        """Tables at `place` for the first 2 MiB of a root slot; the root entry. Either the first 2 MiB of memory to
        themselves or, `slotted`, the scratch memory twice: for the supervisor and, a MiB higher, for the user."""
        memory, size, mode = self._memory, self._mode.entry_bytes, self._mode
        for page in range(512):
            entry = page << 12 | 3
            if slotted:
                entry = SCRATCH + (page & 0xFF) * 4096 | 3 | (page >> 8) << 2
            memory.write_word(place + page * size, entry, size)
        entry = place | 7
        for _ in mode.shifts[1:-1]:
            place += 0x1000
            memory.write_word(place, entry, size)
            entry = place | 7
        return place | 1 if mode.root_entries == 4 else entry

    def _run(self, slot: int, queries: Sequence[Query], values: Sequence[int]) -> list[Outcome]:
        """Lets the CPU make the accesses of one pass."""
        memory, gdb, records = self._memory, self._machine.gdb, bytearray()
        for query, value in zip(queries, values, strict=True):
            records += struct.pack("<QQQQ", query.address, _OPERATIONS[query.access] | query.user << 2, 0, value)
        memory.write(SCRATCH + _RECORDS, bytes(records))
        memory.write_word(SCRATCH + _PARAMETERS + 0x38, len(queries))
        gdb.step()
        gdb.run_to((slot << self._mode.slot_shift) + self._guest.labels["waiting"])
        raw = memory.read(SCRATCH + _RECORDS, _RECORD * len(queries))
        return [
            (None if outcome == 1 else _fault(outcome >> 8 & 0xFF, outcome >> 16), value)
            for _, _, outcome, value in struct.iter_unpack("<4Q", raw)
        ]


def _returning(value: int) -> bytes:
    """A function that returns `value`."""
    return struct.pack("<BIBxx", 0xB8, value, 0xC3)


def _fault(vector: int, code: int) -> str:
    if vector != 14:
        return {6: "undefined instruction", 12: "not canonical", 13: "not canonical"}[vector]
    return "reserved bit" if code & 8 else "permission" if code & 1 else "not present"
