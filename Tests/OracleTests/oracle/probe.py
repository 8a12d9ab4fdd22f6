"""Accesses that a CPU really makes: memory is prepared so that the data that move tell whether they moved there."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from .memory_file import MemoryFile
from .model import Access, Answer, Query

Outcome = tuple[str | None, int]
"""The kind of fault, or None and the value that was read, or that what was executed returned."""


class Probe:
    """Runs accesses in passes: a pass never needs two contents for the same eight bytes.

    Data are words of four bytes in the CPU's `order`. `executable` gives at most eight bytes of code that returns a
    value of `value_bits` bits.
    """

    def __init__(
        self, memory: MemoryFile, executable: Callable[[int], bytes], value_bits: int = 31, order: str = "little"
    ) -> None:
        self._memory, self._executable, self._bits, self._order = memory, executable, value_bits, order
        self._nonces = random.Random(0x0DDC0FFEE)

    def passes(
        self,
        queries: Sequence[Query],
        locate: Callable[[Sequence[Query]], list[int | None]],
        run: Callable[[Sequence[Query], Sequence[int]], list[Outcome]],
    ) -> dict[Query, Answer]:
        """Answers all queries. `locate` tells, before anything runs, where each address leads, whatever the
        permissions; `run` makes the accesses, writing the given values."""
        answers: dict[Query, Answer] = {}
        for access in Access:
            for user in (True, False):
                part = [query for query in queries if query.access is access and query.user is user]
                if part:
                    answers.update(self._pass(part, locate(part), run))
        return answers

    def _pass(
        self,
        queries: Sequence[Query],
        places: list[int | None],
        run: Callable[[Sequence[Query], Sequence[int]], list[Outcome]],
    ) -> dict[Query, Answer]:
        memory, access = self._memory, queries[0].access
        saved: dict[int, bytes] = {}
        values: dict[int, int] = {}
        for place in places:
            if place is not None and place not in saved and memory.contains(place, 8):
                saved[place] = memory.read(place, 8)
                values[place] = self._nonces.getrandbits(self._bits)
                if access is not Access.WRITE:
                    memory.write(place, self._content(access, values[place]))
        written = [values.get(place, 0) if place is not None else 0 for place in places]
        outcomes = run(queries, written)
        answers = {}
        for query, place, (fault, value) in zip(queries, places, outcomes, strict=True):
            if fault is None:
                self._check(query, place, value, values)
            answers[query] = Answer(physical=None if fault else place, fault=fault)
        for place, content in saved.items():
            memory.write(place, content)
        return answers

    def _content(self, access: Access, value: int) -> bytes:
        if access is Access.READ:
            return value.to_bytes(4, self._order)  # type: ignore[arg-type]
        return self._executable(value)

    def _check(self, query: Query, place: int | None, value: int, values: dict[int, int]) -> None:
        if place is None:
            raise AssertionError(f"{query}: the CPU made an access where gva2gpa says that nothing is mapped")
        if place in values:
            if query.access is Access.WRITE:
                value = self._memory.read_word(place, 4, self._order)
            if value & 0xFFFF_FFFF != values[place]:
                raise AssertionError(f"{query}: no data moved at {place:#x}, where gva2gpa says that it leads")
