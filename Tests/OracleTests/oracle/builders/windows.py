"""Entries of flat tables, one a page of a window, written from the bit tables of Alpha, sun4u and sun4m."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..memory_file import MemoryFile


@dataclass
class FlatTable:
    """The table at `root` for a window of `size` bytes at `base` in pages of `page` bytes.

    `entry` makes an entry from a physical address and whether the device may write.
    """

    memory: MemoryFile
    root: int
    base: int
    size: int
    page: int
    entry: Callable[[int, bool], int]
    entry_bytes: int = 8
    order: str = "big"

    @property
    def entries(self) -> int:
        return self.size // self.page

    def place(self, address: int) -> int:
        return self.root + (address - self.base) // self.page * self.entry_bytes

    def map(self, address: int, physical: int, write: bool = True, copies: int = 1) -> None:
        for copy in range(copies):
            place = self.place(address) + copy * self.entry_bytes
            self.memory.write_word(place, self.entry(physical, write), self.entry_bytes, self.order)


def alpha(physical: int, _: bool) -> int:
    """PA[33:13] in bits 21:1, V in bit 0."""
    return physical >> 12 | 1


def sun4m(physical: int, write: bool) -> int:
    """PA[35:12] in bits 31:8, cacheable 7, write 2, valid 1."""
    return physical >> 12 << 8 | 0x80 | write << 2 | 2


def sun4u(physical: int, write: bool) -> int:
    """V 63, PA[46:13] in place, cacheable 4, write 1."""
    return 1 << 63 | physical | 0x10 | write << 1


def sun4u_64k(physical: int, write: bool) -> int:
    """The same with bit 61: 64K."""
    return sun4u(physical, write) | 1 << 61
