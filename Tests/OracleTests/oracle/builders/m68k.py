"""Descriptors of the 68040's tables, written from the bit tables: three levels, pages of 4K or 8K."""

from __future__ import annotations

from ..memory_file import MemoryFile
from .radix import RadixTable

_RESIDENT_TABLE, _RESIDENT_PAGE, _USED, _MODIFIED = 2, 1, 8, 0x10
_PROTECT, _SUPERVISOR = 4, 0x80


class M68KTable(RadixTable):
    """A tree for pages of `page` bytes. Tables are handed out 512 bytes at a time."""

    def __init__(self, memory: MemoryFile, page: int, root: int, tables: int) -> None:
        shifts = (25, 18, page.bit_length() - 1)
        super().__init__(memory, root, tables, shifts, 7, self._pointer, 4, "big", 512)
        self.page = page
        self.protected_tables = False
        """Whether the tables made from now on are protected as a whole."""

    def _pointer(self, table: int, _: int) -> int:
        return table | _RESIDENT_TABLE | _USED | (_PROTECT if self.protected_tables else 0)

    def map(self, address: int, physical: int, protect: bool, supervisor: bool, cache_mode: int = 1) -> None:
        bits = _RESIDENT_PAGE | _USED | (_PROTECT if protect else _MODIFIED) | (_SUPERVISOR if supervisor else 0)
        self.write(address, 2, physical | bits | cache_mode << 5)

    def registers(self) -> dict[str, int]:
        return {"urp": self.root, "srp": self.root, "tc": 0xC000 if self.page == 8192 else 0x8000}
