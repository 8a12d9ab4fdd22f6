"""DMA by QEMU's LANCE and PCnet network chips: a block that is read, a descriptor that is given back."""

from __future__ import annotations

from collections.abc import Sequence

from .dma import DMAWalker
from .lance import NONCE_SIZE, SPAN, Lance
from .memory_file import MemoryFile
from .model import Access, Answer, Query, Root
from .qemu import Machine


class LanceWalker(DMAWalker):
    """A machine with such a chip behind an IOMMU. A write always comes after reads of the same page.

    Addresses are multiples of `SPAN`. The root says how long its table is: `entries` of `entry_bytes`.
    """

    entry_bytes: int

    def __init__(self, memory: MemoryFile, machine: Machine, lance: Lance) -> None:
        super().__init__(memory, machine)
        self._lance = lance

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        self._memory.touch(root.number("table"), root.number("entries") * self.entry_bytes)
        self._enable(root)
        return [self._ask(query) for query in queries]

    def _ask(self, query: Query) -> Answer:
        memory, lance, address = self._memory, self._lance, query.address
        answer = self._located(address, lambda: lance.fetch(address))
        if answer.physical is None:
            return answer
        nonce = self._nonces.randbytes(NONCE_SIZE)
        memory.write(answer.physical, lance.block(address, nonce))
        if lance.fetch(address) != nonce:
            raise AssertionError(f"{query}: touched the page of {answer}, but not that place")
        self._take_fault()
        if query.access is Access.WRITE:
            lance.store()
            fault = self._take_fault()
            if not lance.was_written(memory.read(answer.physical, SPAN)):
                self._forget(answer.physical)
                return Answer(fault=fault or "nothing written")
        self._forget(answer.physical)
        return answer
