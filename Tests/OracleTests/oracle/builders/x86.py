"""x86 entries, written from the bit tables: 32-bit, PAE, 4 and 5 levels."""

from __future__ import annotations

from ..memory_file import MemoryFile
from .radix import RadixTable

SIZES = {
    "x86-32": (1 << 12, 1 << 22),
    "x86-pae": (1 << 12, 1 << 21),
    "x86-64": (1 << 12, 1 << 21, 1 << 30),
    "x86-64-la57": (1 << 12, 1 << 21, 1 << 30),
}
_SHIFTS = {"x86-32": (22, 12), "x86-pae": (30, 21, 12), "x86-64": (39, 30, 21, 12), "x86-64-la57": (48, 39, 30, 21, 12)}


def leaf(mode: str, physical: int, size: int, write: bool, user: bool, execute: bool, pat: int = 0) -> int:
    """A present leaf. `pat` is the cache type's index: PAT, PCD, PWT."""
    entry = 1 | write << 1 | user << 2 | (pat & 3) << 3
    large = size > 4096
    entry |= (1 << 7 | (pat >> 2) << 12) if large else (pat >> 2) << 7
    if mode == "x86-32":
        high = physical >> 32
        return physical & 0xFFFF_FFFF | high << 13 | entry if large else physical | entry
    return physical | entry | (not execute) << 63


class X86Table(RadixTable):
    """A table tree for one paging mode, whose pointers allow everything."""

    def __init__(self, memory: MemoryFile, mode: str, root: int, tables: int) -> None:
        shifts = _SHIFTS[mode]
        bits = {"x86-32": 10, "x86-pae": 2}.get(mode, 9)
        super().__init__(memory, root, tables, shifts, bits, self._pointer, 4 if mode == "x86-32" else 8)
        self.mode = mode

    def _pointer(self, table: int, depth: int) -> int:
        return table | (1 if self.mode == "x86-pae" and depth == 0 else 7)

    def map(self, address: int, physical: int, size: int, write: bool, user: bool, execute: bool, pat: int = 0) -> None:
        depth = self.shifts.index(size.bit_length() - 1)
        self.write(address, depth, leaf(self.mode, physical, size, write, user, execute, pat))
