"""What a table should say, as a plain list of mappings, and the questions that find out whether it does."""

from __future__ import annotations

import bisect
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .model import Access, Answer, Query

READ, WRITE, EXECUTE = Access.READ, Access.WRITE, Access.EXECUTE
NOTHING: frozenset[Access] = frozenset()
ALL = frozenset(Access)
Translate = Callable[[Sequence[Query]], list[Answer]]


@dataclass(frozen=True, slots=True)
class Mapping:
    """`size` bytes at `address` that land at `physical`, and who may do what with them."""

    address: int
    physical: int
    size: int
    user: frozenset[Access] = ALL
    supervisor: frozenset[Access] = ALL

    def allows(self, query: Query) -> bool:
        return query.access in (self.user if query.user else self.supervisor)


class Expectation:
    """All mappings of one address space: what any address should answer."""

    def __init__(self, mappings: Iterable[Mapping]) -> None:
        self.mappings = sorted(mappings, key=lambda mapping: mapping.address)
        self._starts = [mapping.address for mapping in self.mappings]

    def mapping(self, address: int) -> Mapping | None:
        index = bisect.bisect_right(self._starts, address) - 1
        if index >= 0 and address < self._starts[index] + self.mappings[index].size:
            return self.mappings[index]
        return None

    def physical(self, query: Query) -> int | None:
        """Where the access should land; None if it should fault."""
        mapping = self.mapping(query.address)
        if mapping is None or not mapping.allows(query):
            return None
        return mapping.physical + query.address - mapping.address


@dataclass(frozen=True)
class Questions:
    """How to question an oracle: what it can tell apart, and where addresses may lie."""

    accesses: tuple[Access, ...] = (READ, WRITE, EXECUTE)
    privileges: tuple[bool, ...] = (True, False)
    page: int = 4096
    alignment: int = 4
    limit: int = 1 << 32
    start: int = 0
    most: int = 1 << 20
    """At most this many mappings are asked about: the first, the last, and others chosen at random."""

    def addresses(self, expectation: Expectation, seeded: random.Random) -> list[int]:
        """Both ends of each mapping, a place inside it, and the page before it and after it."""
        addresses: dict[int, None] = {}
        mappings = expectation.mappings
        if len(mappings) > self.most:
            mappings = [mappings[0], *seeded.sample(mappings[1:-1], self.most - 2), mappings[-1]]
        for mapping in mappings:
            end = mapping.address + mapping.size
            inside = mapping.address + seeded.randrange(mapping.size)
            near = (mapping.address, inside, end - self.alignment, mapping.address - self.page, end)
            for address in near:
                if self.start <= address < self.limit:
                    addresses[address & -self.alignment] = None
        return list(addresses)

    def about(self, expectation: Expectation, seeded: random.Random) -> list[Query]:
        return [
            Query(address, access, user)
            for address in self.addresses(expectation, seeded)
            for access in self.accesses
            for user in self.privileges
        ]


def complaints(expectation: Expectation, queries: Sequence[Query], answers: Sequence[Answer]) -> list[str]:
    """One line for each answer that is not what the mappings say."""
    wrong = []
    for query, answer in zip(queries, answers, strict=True):
        expected = expectation.physical(query)
        if answer.physical != expected:
            wanted = "a fault" if expected is None else f"{expected:#x}"
            wrong.append(f"{query}: expected {wanted}, the walker says {answer}")
    return wrong


def examine(
    expectation: Expectation, translate: Translate, questions: Questions, seeded: random.Random
) -> int:
    """Asks, and raises if any answer is wrong. Returns how many questions were answered."""
    queries = questions.about(expectation, seeded)
    wrong = complaints(expectation, queries, translate(queries))
    if wrong:
        more = f"\n... and {len(wrong) - 20} more" if len(wrong) > 20 else ""
        raise AssertionError(f"{len(wrong)} of {len(queries)} answers are wrong:\n" + "\n".join(wrong[:20]) + more)
    return len(queries)
