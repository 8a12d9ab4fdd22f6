"""RISC-V entries, written from the bit tables: Sv32 to Sv57, with Svnapot, and the widened roots of the G-stage."""

from __future__ import annotations

from ..memory_file import MemoryFile
from .radix import RadixTable

LEVELS = {"sv32": 2, "sv39": 3, "sv48": 4, "sv57": 5}
MODES = {"sv32": 1, "sv39": 8, "sv48": 9, "sv57": 10}
NAPOT = 1 << 16


def leaf(
    physical: int, read: bool, write: bool, execute: bool, user: bool, napot: bool = False, memory_type: int = 0
) -> int:
    """A leaf with A and D preset; `memory_type` is Svpbmt's."""
    number = physical >> 12 | (8 if napot else 0)
    bits = 1 | read << 1 | write << 2 | execute << 3 | user << 4 | 1 << 6 | write << 7
    return number << 10 | bits | memory_type << 61 | napot << 63


class RISCVTable(RadixTable):
    """A tree for `mode` (sv32 ... sv57); with `guest` its root has four times the entries."""

    def __init__(self, memory: MemoryFile, mode: str, root: int, tables: int, guest: bool = False) -> None:
        step = 10 if mode == "sv32" else 9
        shifts = tuple(12 + step * level for level in reversed(range(LEVELS[mode])))
        bits = step + 2 * guest
        super().__init__(
            memory, root, tables, shifts, bits, lambda table, _: table >> 12 << 10 | 1, 4 if mode == "sv32" else 8
        )
        self.mode = mode

    def register(self) -> int:
        """satp or hgatp for this tree."""
        return self.root >> 12 | MODES[self.mode] << (31 if self.mode == "sv32" else 60)

    def map(
        self, address: int, physical: int, size: int, read: bool, write: bool, execute: bool, user: bool, memory_type=0
    ) -> None:
        napot = size == NAPOT
        depth = len(self.shifts) - 1 if napot else self.shifts.index(size.bit_length() - 1)
        entry = leaf(physical, read, write, execute, user, napot, memory_type)
        self.write(address, depth, entry, 16 if napot else 1)
