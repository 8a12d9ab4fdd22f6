"""AMD IOMMU v1 entries, written from the bit tables."""

from __future__ import annotations

from ..memory_file import MemoryFile
from .radix import RadixTable

_READ, _WRITE = 1 << 61, 1 << 62


def leaf(physical: int, order: int, read: bool, write: bool, force_coherent: bool = False) -> int:
    """A page of 2^order bytes: the natural sizes with next level 0, the others with the size in the address."""
    entry = 1 | read * _READ | write * _WRITE | force_coherent << 60
    if (order - 12) % 9 == 0:
        return physical | entry
    return physical | (1 << order - 1) - 4096 | 7 << 9 | entry


def copies(order: int) -> int:
    """In how many slots the entry for 2^order bytes stands."""
    return 1 << (order - 12) % 9


class AMDTable(RadixTable):
    """A tree of `levels` levels whose pointers allow everything."""

    def __init__(self, memory: MemoryFile, levels: int, root: int, tables: int) -> None:
        shifts = tuple(12 + 9 * level for level in reversed(range(levels)))

        def pointer(table: int, depth: int) -> int:
            return table | 1 | (levels - 1 - depth) << 9 | _READ | _WRITE

        super().__init__(memory, root, tables, shifts, 7 if levels == 6 else 9, pointer)

    def map(self, address: int, physical: int, order: int, read: bool, write: bool) -> None:
        depth = len(self.shifts) - 1 - (order - 12) // 9
        self.write(address, depth, leaf(physical, order, read, write), copies(order))
