"""A radix tree of tables: the shape that most formats share. What an entry looks like is the caller's business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..memory_file import MemoryFile


@dataclass
class RadixTable:
    """Tables for addresses split at `shifts`, from the root down; table memory is handed out from `tables` upward.

    `pointer` makes the entry for a table at an address, given the depth of the table that will hold it (0 = root).
    """

    memory: MemoryFile
    root: int
    tables: int
    shifts: tuple[int, ...]
    root_bits: int
    pointer: Callable[[int, int], int]
    entry_bytes: int = 8
    order: str = "little"
    table_bytes: int = 4096
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    def place(self, address: int, depth: int) -> int:
        """Where the entry for `address` in the table at `depth` lies; makes the tables on the way."""
        table = self.root
        for level in range(depth):
            key = (level, address >> self.shifts[level] & (1 << self._bits_from(level)) - 1)
            if key not in self._known:
                self._known[key] = self.tables
                self._write(self._entry(table, address, level), self.pointer(self.tables, level))
                self.tables += self.table_bytes
            table = self._known[key]
        return self._entry(table, address, depth)

    def write(self, address: int, depth: int, entry: int, copies: int = 1, stride: int = 0) -> None:
        """Puts a leaf at `depth`, and `copies - 1` more behind it, each `stride` higher in value."""
        place = self.place(address, depth)
        for copy in range(copies):
            self._write(place + copy * self.entry_bytes, entry + copy * stride)

    def _bits_from(self, level: int) -> int:
        """How many address bits, from the top, say which entry of `level` this is."""
        return self.root_bits + self.shifts[0] - self.shifts[level]

    def _entry(self, table: int, address: int, level: int) -> int:
        bits = self.root_bits if level == 0 else self.shifts[level - 1] - self.shifts[level]
        return table + self.entry_bytes * (address >> self.shifts[level] & (1 << bits) - 1)

    def _write(self, place: int, entry: int) -> None:
        self.memory.write_word(place, entry, self.entry_bytes, self.order)
