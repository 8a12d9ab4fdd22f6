"""A random life of one region: reservations come and go, are backed, change their attributes."""

from __future__ import annotations

import errno
import random
from collections.abc import Callable, Sequence

from .expect import Expectation, Mapping
from .model import Access
from .product import Space

Permissions = tuple[frozenset[Access], frozenset[Access]]
"""What the user may do and what the supervisor may do."""


class Scenario:
    """Grows and changes `space` through the tree, and says from the tree's own files what its table must say.

    `sizes` are the format's leaf sizes: buffers are made so that each can be used. `attributes` are the words that the
    format can express, `permissions` what they allow. `prefix` keeps the names of two scenarios of one mount apart.
    """

    def __init__(
        self,
        space: Space,
        seeded: random.Random,
        sizes: Sequence[int],
        attributes: Sequence[str],
        permissions: Callable[[str], Permissions],
        pools: Sequence[str],
        prefix: str = "",
    ) -> None:
        self._space, self._seeded, self._pools = space, seeded, pools
        self._sizes, self._attributes, self._permissions = sizes, attributes, permissions
        self._made, self._prefix = 0, prefix
        self._backed: dict[str, str] = {}
        self._taken: dict[str, tuple[int, int]] = {}

    def grow(self, count: int) -> None:
        """Adds `count` backed reservations of every kind."""
        for _ in range(count):
            size = self._seeded.choice(self._sizes)
            self._add(size)

    def add_page(self, name: str, address: int, words: str) -> None:
        """One page of the smallest size at `address`, backed."""
        page = min(self._sizes)
        self._space.reserve(f"{page:#x} at={address:#x} name={name} {words}")
        self._space.allocate(f"{page:#x} memtype={','.join(self._pools)} name={name} contiguous align={page:#x}")
        self._space.back(name, name)

    def _add(self, size: int) -> None:
        seeded, number = self._seeded, self._made
        self._made += 1
        reservation, buffer = f"{self._prefix}res{number}", f"{self._prefix}buf{number}"
        page = min(self._sizes)
        length = size * seeded.choice((1, 1, 2, 3) if size < 1 << 30 else (1,))
        length += page * seeded.choice((0, 0, 1, 5)) if size < 1 << 30 else 0
        align = seeded.choice((size & -size, page))
        shorter = page * seeded.choice((0, 0, 0, 1)) if length > page else 0
        words = seeded.choice(self._attributes)
        place = self._place(length, align, page)
        if not self._tried(length, lambda: self._space.reserve(f"{length:#x} {place} name={reservation} {words}")):
            return
        address = self._space.address(reservation)
        self._taken[reservation] = (address, address + length)
        layout = f"contiguous align={align:#x}" if seeded.random() < 0.5 or size > 1 << 20 else self._blocks(page)
        pools = ",".join(seeded.sample(self._pools, len(self._pools)))  # the first is asked first
        request = f"{length - shorter:#x} memtype={pools} name={buffer} {layout}"
        if not self._tried(length, lambda: self._space.allocate(request)):
            return
        self._space.back(reservation, buffer)
        self._backed[reservation] = buffer

    @staticmethod
    def _tried(length: int, request: Callable[[], None]) -> bool:
        """Some seed asks for more gigabytes than there are; that is no mistake."""
        try:
            request()
        except OSError as error:
            if error.errno != errno.ENOMEM or length < 1 << 28:
                raise
            return False
        return True

    def _place(self, length: int, align: int, page: int) -> str:
        """At the end of the region while that is free, at a random place, or where the region likes."""
        end = self._space.start + self._space.length
        tries = [end - length, end - length & -align]
        if self._seeded.random() < 0.5:
            tries = [self._space.start + self._seeded.randrange(self._space.length - length + 1) & -align]
        for address in tries:
            if self._is_free(address, length):
                return f"at={address:#x}"
        return f"align={align:#x}"

    def _is_free(self, address: int, length: int) -> bool:
        return address >= self._space.start and not any(
            start < address + length and address < end for start, end in self._taken.values()
        )

    def _blocks(self, page: int) -> str:
        """Block sizes for a scattered buffer; the smallest is a page of the format, so that all can be mapped."""
        larger = [text for text, size in (("1M", 1 << 20), ("64K", 1 << 16)) if size > page and self._seeded.random() < 0.6]
        return "blocks=" + ",".join([*larger, hex(page)])

    def shrink(self, count: int) -> None:
        """Takes `count` reservations and their buffers away again."""
        for reservation in self._seeded.sample(sorted(self._backed), min(count, len(self._backed))):
            buffer = self._backed.pop(reservation)
            self._space.unback(reservation)
            self._space.unreserve(reservation)
            del self._taken[reservation]
            self._space.free(buffer)

    def change(self, count: int) -> None:
        """Gives `count` live reservations other attributes."""
        for reservation in self._seeded.sample(sorted(self._backed), min(count, len(self._backed))):
            self._space.set_attributes(reservation, self._seeded.choice(self._attributes))

    def expectation(self) -> Expectation:
        """Read from the tree: addr, attr and chunks of every reservation."""
        mappings = []
        for name in self._space.reservations():
            address, words, chunks = self._space.contents(name)
            user, supervisor = self._permissions(words)
            for physical, length in chunks:
                mappings.append(Mapping(address, physical, length, user, supervisor))
                address += length
        return Expectation(mappings)
