"""Asks an IOMMU by letting a device read and write through it, and looking where in memory that happened."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from .memory_file import PAGE, MemoryFile
from .model import Answer, Query, Root
from .qemu import Machine


class DMAWalker(ABC):
    """A machine with a device behind an IOMMU.

    A page that nobody has touched is a hole of the memory file, so the page that a transfer touches shows itself;
    the place inside the page shows by what was moved. Queries must lead to untouched pages, which are untouched
    again afterwards. Where the machine reports no faults, tables of several pages must be touched as a whole first,
    or a look into an empty page of a table would pass for a transfer.
    """

    def __init__(self, memory: MemoryFile, machine: Machine) -> None:
        self._memory, self._machine = memory, machine
        self._nonces = random.Random(0xD0A)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    @abstractmethod
    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        """Makes every transfer under the table of `root`. Execution is nothing that a device does."""

    @abstractmethod
    def _enable(self, root: Root) -> None:
        """Turns translation on for the device."""

    @abstractmethod
    def _invalidate(self) -> None:
        """Forgets all cached translations."""

    @abstractmethod
    def _take_fault(self) -> str | None:
        """The kind of the fault that the last transfer raised, which is cleared; None if there was none."""

    def _located(self, address: int, transfer: Callable[[], object]) -> Answer:
        """Makes a transfer and sees which page it touches."""
        before = self._memory.touched()
        self._invalidate()
        transfer()
        fault = self._take_fault()
        pages = self._memory.touched() - before
        if fault is not None or not pages:
            # A walk that ends in a fault may have touched a page of a table that nobody had written to yet.
            return Answer(fault=fault or "nothing moved")
        if len(pages) > 1:
            raise AssertionError(f"{address:#x}: {len(pages)} pages were touched")
        return Answer(physical=self._memory.physical(pages.pop()) | address % PAGE)

    def _forget(self, physical: int) -> None:
        self._memory.clear(physical & -PAGE, PAGE)
