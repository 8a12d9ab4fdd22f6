"""ARM short descriptors, written from the bit tables: 32-bit entries, two levels, four sizes."""

from __future__ import annotations

from dataclasses import dataclass

from ..memory_file import MemoryFile

SMALL, LARGE, SECTION, SUPERSECTION = 1 << 12, 1 << 16, 1 << 20, 1 << 24
SIZES = (SMALL, LARGE, SECTION, SUPERSECTION)


@dataclass(frozen=True)
class Attributes:
    """The fields of a leaf. `ap` is AP[2:0]; `memory` is TEX[2:0]:C:B, so 7 is TEX0 C B."""

    ap: int = 0b011
    memory: int = 0
    execute_never: bool = False
    privileged_execute_never: bool = False
    shared: bool = False
    not_global: bool = False
    non_secure: bool = False
    domain: int = 0


def leaf(physical: int, size: int, attributes: Attributes) -> int:
    """The entry for a page or block of `size` bytes."""
    low_ap, high_ap = attributes.ap & 3, attributes.ap >> 2
    tex, cb = attributes.memory >> 2, attributes.memory & 3
    if size == SMALL:
        return (
            physical | 2 | attributes.execute_never | cb << 2 | low_ap << 4 | tex << 6 | high_ap << 9
            | attributes.shared << 10 | attributes.not_global << 11
        )  # fmt: skip
    if size == LARGE:
        return (
            physical | 1 | cb << 2 | low_ap << 4 | high_ap << 9 | attributes.shared << 10
            | attributes.not_global << 11 | tex << 12 | attributes.execute_never << 15
        )  # fmt: skip
    common = (
        2 | attributes.privileged_execute_never | cb << 2 | attributes.execute_never << 4 | low_ap << 10
        | tex << 12 | high_ap << 15 | attributes.shared << 16 | attributes.not_global << 17
        | attributes.non_secure << 19
    )  # fmt: skip
    if size == SECTION:
        return physical | common | attributes.domain << 5
    high = (physical >> 32 & 0xF) << 20 | (physical >> 36 & 0xF) << 5
    return physical & 0xFF00_0000 | high | common | 1 << 18


def table(physical: int, attributes: Attributes) -> int:
    """The level-1 entry that points at a level-2 table."""
    pxn, non_secure = attributes.privileged_execute_never << 2, attributes.non_secure << 3
    return physical | 1 | pxn | non_secure | attributes.domain << 5


class ShortDescriptorTable:
    """A level-1 table at `base` (16 KiB, or 16 KiB >> n for the low half of a split); level-2 tables follow on demand."""

    def __init__(self, memory: MemoryFile, base: int, tables: int) -> None:
        self._memory = memory
        self._base = base
        self._next = tables
        self._second: dict[int, int] = {}

    def map(self, address: int, physical: int, size: int, attributes: Attributes) -> None:
        """Maps one leaf, all sixteen copies of it where the size needs them."""
        copies = 16 if size in (LARGE, SUPERSECTION) else 1
        entry = leaf(physical, size, attributes)
        place = self._base + 4 * (address >> 20)
        if size < SECTION:
            place = self._second_level(address, attributes) + 4 * (address >> 12 & 0xFF)
        for copy in range(copies):
            self._memory.write_word(place + 4 * copy, entry, 4)

    def _second_level(self, address: int, attributes: Attributes) -> int:
        index = address >> 20
        if index not in self._second:
            self._second[index] = self._next
            self._memory.write_word(self._base + 4 * index, table(self._next, attributes), 4)
            self._next += 1024
        return self._second[index]
