"""VT-d second-stage entries, written from the bit tables."""

from __future__ import annotations

from ..memory_file import MemoryFile
from .radix import RadixTable

SIZES = (1 << 12, 1 << 21, 1 << 30)


def leaf(physical: int, size: int, read: bool, write: bool) -> int:
    return physical | read | write << 1 | (size > 4096) << 7


class VTdTable(RadixTable):
    """A second-stage tree of 3, 4 or 5 levels whose pointers allow everything."""

    def __init__(self, memory: MemoryFile, levels: int, root: int, tables: int) -> None:
        shifts = tuple(12 + 9 * level for level in reversed(range(levels)))
        super().__init__(memory, root, tables, shifts, 9, lambda table, depth: table | 3)

    def map(self, address: int, physical: int, size: int, read: bool, write: bool) -> None:
        self.write(address, self.shifts.index(size.bit_length() - 1), leaf(physical, size, read, write))
