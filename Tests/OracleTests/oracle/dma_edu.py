"""DMA by QEMU's edu device, which moves eight bytes at a time between memory and a buffer of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from .dma import DMAWalker
from .edu import BUFFER_SIZE, Edu
from .memory_file import MemoryFile
from .model import Access, Answer, Query, Root
from .qemu import Machine

_SLOTS = BUFFER_SIZE // 8
_NONCE_SLOT, _LOCATING_SLOT = _SLOTS - 1, _SLOTS - 2
_BATCH = _SLOTS - 2


class EduWalker(DMAWalker):
    """A machine with the edu device behind an IOMMU."""

    staging: int
    """The physical address of `BUFFER_SIZE` bytes that the device may use while translation is off."""

    staging_address: int | None = None
    """Where the device sees them then; None means at their physical address."""

    def __init__(self, memory: MemoryFile, machine: Machine, edu: Edu) -> None:
        super().__init__(memory, machine)
        self._edu = edu

    @property
    def _staging_address(self) -> int:
        return self.staging if self.staging_address is None else self.staging_address

    @abstractmethod
    def _disable(self) -> None:
        """Turns translation off: device addresses are physical addresses."""

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        answers = {}
        for access, ask in ((Access.WRITE, self._ask_writes), (Access.READ, self._ask_reads)):
            part = [query for query in queries if query.access is access]
            for start in range(0, len(part), _BATCH):
                answers.update(ask(root, part[start : start + _BATCH]))
        return [answers[query] for query in queries]

    def _ask_writes(self, root: Root, queries: list[Query]) -> dict[Query, Answer]:
        memory, nonce = self._memory, self._nonces.randbytes(8)
        memory.write(self.staging, nonce)
        self._disable()
        self._edu.fetch(self._staging_address, 8 * _NONCE_SLOT)
        self._enable(root)
        answers = {}
        for query in queries:
            answer = self._located(query.address, lambda: self._edu.store(8 * _NONCE_SLOT, query.address))
            if answer.physical is not None:
                if memory.read(answer.physical, 8) != nonce:
                    raise AssertionError(f"{query}: touched the page of {answer}, but not that place")
                self._forget(answer.physical)
            answers[query] = answer
        return answers

    def _ask_reads(self, root: Root, queries: list[Query]) -> dict[Query, Answer]:
        memory, answers, nonces = self._memory, {}, {}
        self._disable()
        self._enable(root)
        for slot, query in enumerate(queries):
            answer = self._located(query.address, lambda: self._edu.fetch(query.address, 8 * _LOCATING_SLOT))
            if answer.physical is not None:
                nonces[slot] = self._nonces.randbytes(8)
                memory.write(answer.physical, nonces[slot])
                self._edu.fetch(query.address, 8 * slot)
                self._forget(answer.physical)
            answers[query] = answer
        # What was read shows when it is written out again, with translation off.
        self._disable()
        memory.write(self.staging, bytes(BUFFER_SIZE))
        self._edu.store(0, self._staging_address, BUFFER_SIZE)
        for slot, nonce in nonces.items():
            if memory.read(self.staging + 8 * slot, 8) != nonce:
                query = queries[slot]
                raise AssertionError(f"{query}: touched the page of {answers[query]}, but not that place")
        return answers
