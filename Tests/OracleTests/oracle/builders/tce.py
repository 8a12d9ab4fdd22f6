"""PowerPC TCE entries, written from the bit tables: big-endian, 1 to 5 equal levels."""

from __future__ import annotations

from ..memory_file import MemoryFile
from .radix import RadixTable


class TCETable(RadixTable):
    """`levels` levels of `bits` index bits each over pages of 2^`page` bytes."""

    def __init__(self, memory: MemoryFile, levels: int, bits: int, page: int, root: int, tables: int) -> None:
        shifts = tuple(page + bits * level for level in reversed(range(levels)))
        size = 8 << bits
        super().__init__(memory, root, tables, shifts, bits, lambda table, _: table | 3, 8, "big", size)
        self._bits, self._page = bits, page

    def map(self, address: int, physical: int, read: bool, write: bool) -> None:
        self.write(address, len(self.shifts) - 1, physical | read | write << 1)

    def entry(self) -> int:
        """The translation validation entry that leads here."""
        return self.root >> 12 << 16 | len(self.shifts) - 1 << 13 | self._bits - 8 << 8 | self._page - 11
