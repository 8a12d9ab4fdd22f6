"""Region, segment and page tables of z/Architecture, which PCI functions (s390-pci) share, walked by a CPU's DAT.

In secondary-space mode data are found through control register 7, where the table under test is, and instructions through
control register 1, which has the real-space designation: so single instructions, stepped one by one, make the accesses.
LRAG tells where an address leads.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..memory_file import MemoryFile, Window
from ..model import Access, Answer, Query, Root
from ..probe import Outcome, Probe
from ..qemu import Machine

SCRATCH_SIZE = 0x10_0000
"""The first bytes of RAM are the machine's and the walker's own."""

_MASK, _ADDRESS, _R1, _R2 = 0, 1, 3, 4
_64_BIT = 0x1_8000_0000
_DAT_SECONDARY = 1 << 58 | 1 << 47 | _64_BIT
_REAL_SPACE = 0x20
_PROGRAM_CODE, _PROGRAM_NEW = 0x8E, 0x1D0
_CODE, _HANDLER = 0x2000, 0x3000
_LOAD, _STORE, _LOCATE, _SET_PRIMARY, _SET_SECONDARY = range(_CODE, _CODE + 0x50, 0x10)
_SPACES = 0x3100
_INSTRUCTIONS = {
    _LOAD: "e31020000016",  # LLGF 1,0(2)
    _STORE: "50102000",  # ST 1,0(2)
    _LOCATE: "e31020000003",  # LRAG 1,0(2)
    _SET_PRIMARY: "eb112000002f",  # LCTLG 1,1,0(2)
    _SET_SECONDARY: "eb772000002f",  # LCTLG 7,7,0(2)
}
_CONDITION_SHIFT = 44
_CODES = {
    0x04: "protection", 0x05: "addressing", 0x10: "segment", 0x11: "page", 0x12: "specification", 0x38: "ASCE type",
    0x39: "region first", 0x3A: "region second", 0x3B: "region third",
}  # fmt: skip


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine, from address 0; the first `SCRATCH_SIZE` of it for the walker."""
    return MemoryFile(path, [Window(0, size, 0)])


def space_of(root: Root) -> int:
    """The address-space-control element for the table that an I/O translation anchor (`iota`) names: the same origin and
    kind of table, and the whole of it."""
    anchor = root.number("iota")
    return anchor & ~0xFFF | anchor & 0xC | 3


class S390X:
    """The machine. The program of one instruction runs in real storage; all data are the table's."""

    def __init__(self, memory: MemoryFile) -> None:
        self._memory = memory
        self._machine = Machine("qemu-system-s390x", memory, "s390-ccw-virtio", ["-cpu", "max"])
        self._probe = Probe(memory, lambda _: b"", order="big")
        self._mask = 0
        for place, code in _INSTRUCTIONS.items():
            memory.write(place, bytes.fromhex(code))
        memory.write_word(_PROGRAM_NEW, _64_BIT, 8, "big")
        memory.write_word(_PROGRAM_NEW + 8, _HANDLER, 8, "big")

    def __enter__(self) -> S390X:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def _set(self, register: int, value: int) -> None:
        self._machine.gdb.write_register(register, value, 8, "big")

    def _get(self, register: int) -> int:
        return self._machine.gdb.read_register(register, "big")

    def translate(self, space: int, queries: Sequence[Query]) -> list[Answer]:
        """Makes every access in the address space whose control element is `space`."""
        for instruction, value in ((_SET_PRIMARY, _REAL_SPACE), (_SET_SECONDARY, space)):
            self._memory.write_word(_SPACES, value, 8, "big")
            if self._step(instruction, _SPACES, _64_BIT) == _HANDLER:
                raise RuntimeError("the CPU does not load its control registers")
        answers = self._probe.passes(queries, self._locate, self._run)
        return [answers[query] for query in queries]

    def _step(self, instruction: int, address: int, mask: int = _DAT_SECONDARY) -> int:
        """Executes one instruction; the address of the next."""
        if mask != self._mask:
            self._set(_MASK, mask)
        self._mask = mask
        self._set(_ADDRESS, instruction)
        self._set(_R2, address)
        self._machine.gdb.step()
        after = self._get(_ADDRESS)
        if after == _HANDLER:
            self._mask = _64_BIT
        return after

    def _locate(self, queries: Sequence[Query]) -> list[int | None]:
        places: dict[int, int | None] = {}
        for address in dict.fromkeys(query.address for query in queries):
            self._step(_LOCATE, address)
            condition = self._get(_MASK) >> _CONDITION_SHIFT & 3
            places[address] = self._get(_R1) & -4096 | address & 4095 if condition == 0 else None
        return [places[query.address] for query in queries]

    def _run(self, queries: Sequence[Query], values: Sequence[int]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for query, value in zip(queries, values, strict=True):
            self._set(_R1, value)
            after = self._step(_STORE if query.access is Access.WRITE else _LOAD, query.address)
            if after == _HANDLER:
                code = self._memory.read_word(_PROGRAM_CODE, 2, "big") & 0xFF
                outcomes.append((_CODES.get(code, f"code {code:#x}"), 0))
            else:
                outcomes.append((None, self._get(_R1) & 0xFFFF_FFFF))
        return outcomes
