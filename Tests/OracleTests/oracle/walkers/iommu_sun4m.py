"""The SBus IOMMU of sun4m, walked for DMA of the machine's own LANCE (SS-5).

QEMU cuts translated addresses at 4 GiB (PA[35:32] of an entry is lost), so a larger board would tell no more.
"""

from __future__ import annotations

import os

from ..dma_lance import LanceWalker
from ..lance import Lance
from ..memory_file import MemoryFile, Window
from ..model import Root
from ..qemu import Machine

_CONTROL, _BASE, _FLUSH, _FAULT_STATUS = 0x0, 0x4, 0x14, 0x1000
_IOMMU, _HIGH_ADDRESS, _LANCE = 0x1000_0000, 0x7840_001C, 0x78C0_0000


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine, from address 0: at most 256 MiB."""
    return MemoryFile(path, [Window(0, size, 0)])


class Sun4m(LanceWalker):
    """The machine. The controller between chip and IOMMU (ledma) supplies the top 8 bits of each address."""

    entry_bytes = 4

    def __init__(self, memory: MemoryFile) -> None:
        firmware = os.path.join(os.path.dirname(memory.path), "none.rom")
        with open(firmware, "wb") as file:
            file.write(bytes(4096))
        machine = Machine("qemu-system-sparc", memory, "SS-5", ["-bios", firmware], qtest=True)

        def set_high(bits: int) -> None:
            machine.qtest.write(_HIGH_ADDRESS, bits << 24, 4)

        super().__init__(memory, machine, Lance(machine.qtest, _LANCE, ">", set_high=set_high))

    def _enable(self, root: Root) -> None:
        self._machine.qtest.write(_IOMMU + _BASE, root.number("iommu_base"), 4)
        self._machine.qtest.write(_IOMMU + _CONTROL, root.number("iommu_control"), 4)

    def _invalidate(self) -> None:
        self._machine.qtest.write(_IOMMU + _FLUSH, 0, 4)

    def _take_fault(self) -> str | None:
        status = self._machine.qtest.read(_IOMMU + _FAULT_STATUS, 4)
        if not status >> 31:
            return None
        self._machine.qtest.write(_IOMMU + _FAULT_STATUS, 0, 4)
        return f"status {status:#x}"
