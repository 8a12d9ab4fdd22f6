"""What a row says, and what the rows of several families share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from .. import permissions
from ..expect import READ, WRITE, Questions
from ..memory_file import MemoryFile
from ..model import Answer, Query, Root
from ..product import Pool
from ..scenario import Permissions

K, M, G = 1 << 10, 1 << 20, 1 << 30
Walker = Callable[[MemoryFile, Root], AbstractContextManager[Any]]

Range = tuple[int, int]

PROTECTIONS = permissions.combinations("r rw rx rwx", "user", "supervisor")
DMA = Questions(accesses=(READ, WRITE), privileges=(True,), alignment=8, most=24)


@dataclass(frozen=True)
class Format:
    """One row: a format of the product, and the walker that judges its tables."""

    name: str
    ram: int
    """Bytes of RAM of the machine."""
    memory: Callable[[str, int], MemoryFile]
    pools: Sequence[Pool]
    walker: Walker
    """Starts the machine for a root. The object that `with` gives has `translate(root, queries)`."""
    sizes: Sequence[int]
    attributes: Sequence[str]
    permissions: Callable[[str], Permissions]
    questions: Questions
    start: int = 0
    length: int = 4 * G
    device: str = "{type: iommu, format: %s}"
    association: str = ""

    label: str = ""
    """Tells two rows of one format apart."""
    splits: Sequence[int] = ()
    """The `split=` values under which two regions, one in each half, are asked about at once."""
    halves: Callable[[int], tuple[Range, Range]] = lambda split: divided(4 * G >> split)
    """Start and length of the low and of the high half."""

    @property
    def test_name(self) -> str:
        return "_".join(filter(None, (self.name, self.label))).replace("-", "_")

    @property
    def data_pools(self) -> list[str]:
        return [pool.name for pool in self.pools if not pool.tables]


def divided(boundary: int) -> tuple[Range, Range]:
    """The 4 GiB below and from `boundary` on: every address belongs to one of the halves."""
    return (0, boundary), (boundary, 4 * G - boundary)


def mirrored(bits: int) -> Callable[[int], tuple[Range, Range]]:
    """Halves of equal length at both ends of an address space of `bits` bits; what lies between is nobody's."""
    return lambda split: ((0, 1 << bits - split), ((1 << bits) - (1 << bits - split), 1 << bits - split))


class Adapted:
    """A CPU whose `translate` takes registers, as one that takes a root."""

    def __init__(self, walker: Any, registers: Callable[[Root], Any]) -> None:
        self._walker, self._registers = walker, registers

    def __enter__(self) -> Adapted:
        return self

    def __exit__(self, *_: object) -> None:
        self._walker.__exit__()

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        return self._walker.translate(self._registers(root), queries)
