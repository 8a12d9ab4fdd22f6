"""Entries of the SPARC reference MMU, written from the bit tables: a context table and three levels, big-endian."""

from __future__ import annotations

from ..expect import EXECUTE, NOTHING, READ, WRITE
from ..memory_file import MemoryFile
from .radix import RadixTable

SMALL, MEDIUM, LARGE = 1 << 12, 1 << 18, 1 << 24
_R, _RW, _RX, _RWX = {READ}, {READ, WRITE}, {READ, EXECUTE}, {READ, WRITE, EXECUTE}

ACCESS = tuple(
    (frozenset(user), frozenset(supervisor))
    for user, supervisor in (
        (_R, _R), (_RW, _RW), (_RX, _RX), (_RWX, _RWX), ({EXECUTE}, {EXECUTE}),
        (_R, _RW), (NOTHING, _RX), (NOTHING, _RWX),
    )
)  # fmt: skip
"""What the user and the supervisor may do, by ACC."""


class SRMMUTable(RadixTable):
    """The tree behind context 0 of a context table at `contexts`. Tables are handed out 256 bytes at a time."""

    def __init__(self, memory: MemoryFile, contexts: int, root: int, tables: int) -> None:
        super().__init__(memory, root, tables, (24, 18, 12), 8, lambda table, _: table >> 4 | 1, 4, "big", 256)
        self._contexts = contexts
        memory.write_word(contexts, root >> 4 | 1, 4, "big")

    def map(self, address: int, physical: int, size: int, access: int, modified: bool = True) -> None:
        depth = self.shifts.index(size.bit_length() - 1)
        self.write(address, depth, physical >> 12 << 8 | 0x80 | modified << 6 | 0x20 | access << 2 | 2)

    def registers(self) -> dict[str, int]:
        return {"ctpr": self._contexts >> 4, "ctx": 0}
