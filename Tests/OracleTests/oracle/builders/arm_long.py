"""ARM long descriptors, written from the bit tables: AArch64 stage 1 and 2 with every granule, and 32-bit LPAE."""

from __future__ import annotations

from dataclasses import dataclass

from ..memory_file import MemoryFile
from .radix import RadixTable

GRANULES = {"4k": 12, "16k": 14, "64k": 16}
CONTIGUOUS = {(12, 3): 16, (12, 2): 16, (12, 1): 16, (14, 3): 128, (14, 2): 32, (16, 3): 32, (16, 2): 32}
"""Entries in a group with the contiguous hint, for (log2 of the granule, level)."""


@dataclass(frozen=True)
class Stage1:
    """The fields of a stage-1 leaf; `attribute` is AttrIndx."""

    user: bool = True
    read_only: bool = False
    uxn: bool = False
    pxn: bool = False
    attribute: int = 1
    accessed: bool = True

    def bits(self) -> int:
        low = self.attribute << 2 | self.user << 6 | self.read_only << 7 | 3 << 8 | self.accessed << 10 | 1 << 11
        return low | self.pxn << 53 | self.uxn << 54


@dataclass(frozen=True)
class Stage2:
    """The fields of a stage-2 leaf; `execute_never` is XN[1:0] as bits 54:53."""

    read: bool = True
    write: bool = True
    execute_never: int = 0

    def bits(self) -> int:
        return 0xF << 2 | self.read << 6 | self.write << 7 | 3 << 8 | 1 << 10 | self.execute_never << 53


def address_field(physical: int, granule: int, wide: bool) -> int:
    """An output address: 48 bits in place, or the 52-bit forms (LPA for 64K, LPA2 for the others)."""
    low = physical & (1 << 48) - 1
    if not wide:
        return low
    if granule == 16:
        return low | (physical >> 48) << 12
    return physical & (1 << 50) - 1 | (physical >> 50) << 8


class LongTable(RadixTable):
    """A tree of `input_bits` for a granule of 2^`granule` bytes.

    `start` is the level of the root: the natural one, or a lower one whose tables are put together (stage 2 only).
    """

    def __init__(
        self, memory: MemoryFile, granule: int, input_bits: int, root: int, tables: int, start: int | None = None,
        wide: bool = False,
    ) -> None:  # fmt: skip
        step = granule - 3
        natural = 4 - -(-(input_bits - granule) // step)
        self.start = natural if start is None else start
        shifts = tuple(granule + (3 - level) * step for level in range(self.start, 4))
        self.granule, self.wide = granule, wide

        def pointer(table: int, _: int) -> int:
            return address_field(table, granule, wide) | 3

        super().__init__(memory, root, tables, shifts, input_bits - shifts[0], pointer, table_bytes=1 << granule)

    def map(self, address: int, physical: int, size: int, fields: Stage1 | Stage2) -> None:
        """One page, one block, or one contiguous group."""
        for depth, shift in reversed(list(enumerate(self.shifts))):
            level = self.start + depth
            group = CONTIGUOUS.get((self.granule, level), 0)
            bits = fields.bits() | (3 if level == 3 else 1)
            if self.wide and self.granule < 16:
                bits &= ~(3 << 8)  # bits 9:8 are PA[51:50]; shareability comes from TCR
            if size == 1 << shift:
                self.write(address, depth, address_field(physical, self.granule, self.wide) | bits)
                return
            if size == group << shift:
                entry = address_field(physical, self.granule, self.wide) | bits | 1 << 52
                self.write(address, depth, entry, group, 1 << shift)
                return
        raise ValueError(f"no leaf of {size:#x} bytes")
