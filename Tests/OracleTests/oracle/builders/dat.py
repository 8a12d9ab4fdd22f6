"""Entries of z/Architecture's region, segment and page tables, written from the bit tables: big-endian, 2 to 5 levels."""

from __future__ import annotations

from ..memory_file import MemoryFile
from .radix import RadixTable

_INVALID = 1 << 5
_INVALID_PAGE, _PROTECT = 1 << 10, 1 << 9


class DATTable(RadixTable):
    """A tree of `levels` levels, filled with invalid entries as it grows. Tables are handed out 16K at a time."""

    def __init__(self, memory: MemoryFile, levels: int, root: int, tables: int) -> None:
        shifts = tuple(20 + 11 * level for level in reversed(range(levels - 1))) + (12,)
        super().__init__(memory, root, tables, shifts, 11, self._pointer, 8, "big", 0x4000)
        self._levels = levels
        self._fill(root, _INVALID)

    def _fill(self, table: int, entry: int) -> None:
        self.memory.write(table, entry.to_bytes(8, "big") * 2048)

    def _pointer(self, table: int, depth: int) -> int:
        above_pages = depth == self._levels - 2
        self._fill(table, _INVALID_PAGE if above_pages else _INVALID)
        kind = self._levels - 2 - depth  # 0 segment, 1 to 3 region third to first
        return table | kind << 2 | (0 if above_pages else 3)

    def map(self, address: int, physical: int, protect: bool) -> None:
        self.write(address, self._levels - 1, physical | (_PROTECT if protect else 0))

    def space(self) -> int:
        """The address-space-control element."""
        return self.root | self._levels - 2 << 2 | 3
