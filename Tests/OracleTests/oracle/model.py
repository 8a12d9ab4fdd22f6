"""The words that all walkers share: what is asked, what is answered, and where a table begins."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class Skip(Exception):
    """This machine lacks what the oracle needs. The reason is the message; the test ends with status 77."""


class Access(enum.Enum):
    """What a device or a CPU does with an address."""

    READ = "read"
    WRITE = "write"
    EXECUTE = "execute"


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a walker: may `access` happen at `address`, and where does it land?"""

    address: int
    access: Access = Access.READ
    user: bool = True

    def __str__(self) -> str:
        return f"{'user' if self.user else 'supervisor'} {self.access.value} at {self.address:#x}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A physical address, or the kind of fault that the walker raised. Never both."""

    physical: int | None = None
    fault: str | None = None

    def __str__(self) -> str:
        return f"fault ({self.fault})" if self.physical is None else f"{self.physical:#x}"


class Root(Mapping[str, str]):
    """The `KEY=VALUE` lines of an association's `root` file, in their order."""

    def __init__(self, values: Mapping[str, str | int]) -> None:
        self._values = {key: hex(value) if isinstance(value, int) else value for key, value in values.items()}

    @classmethod
    def parse(cls, text: str) -> Root:
        """Reads `KEY=VALUE` words, however they are spread over lines; `#` starts a comment."""
        words = [word for line in text.splitlines() for word in line.split("#")[0].split()]
        return cls(dict(word.split("=", 1) for word in words))

    def __getitem__(self, key: str) -> str:
        return self._values[key]

    def __iter__(self):
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, key: str, default: int | None = None) -> int:
        """The value of `key`, decimal or 0x hexadecimal, with an optional K M G T."""
        text = self._values.get(key)
        if text is None:
            if default is None:
                raise KeyError(f"the root has no {key}=: {dict(self._values)}")
            return default
        return parse_number(text)


def parse_number(text: str) -> int:
    """A number as the tree writes it: decimal or 0x, with an optional binary unit."""
    shift = {"K": 10, "M": 20, "G": 30, "T": 40, "P": 50}.get(text[-1:].upper(), 0)
    if text.lower().startswith("0x") or not shift:
        return int(text, 0)
    return int(text[:-1], 0) << shift


def describe(queries: Iterable[Query], answers: Iterable[Answer]) -> str:
    """One line for each question with its answer: what a failed test prints."""
    return "\n".join(f"{query} -> {answer}" for query, answer in zip(queries, answers))
