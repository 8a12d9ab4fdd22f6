"""Alpha scatter-gather windows, walked by QEMU's Typhoon for DMA of a PCnet (`clipper`)."""

from __future__ import annotations

from ..dma_lance import LanceWalker
from ..lance import Lance
from ..memory_file import MemoryFile, Window
from ..model import Root
from ..qemu import Machine

FIRMWARE_SIZE = 0x100_0000
"""The machine's PALcode lies in the first bytes of RAM."""

_PCHIP = 0x801_8000_0000
_WSBA, _WSM, _TBA = 0x0, 0x100, 0x200
_CONFIGURATION, _DEVICE_MEMORY = 0x801_FE00_0000, 0x800_0000_0000
_DEVICE_FUNCTION, _BUS_ADDRESS = 3 << 3, 0x1000_0000


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine, from address 0."""
    return MemoryFile(path, [Window(0, size, 0)])


class Typhoon(LanceWalker):
    """The machine, which uses window `number` of its four; the other three are off."""

    entry_bytes = 8

    def __init__(self, memory: MemoryFile, number: int = 0) -> None:
        arguments = ["-device", f"pcnet,addr={_DEVICE_FUNCTION >> 3}"]
        machine = Machine("qemu-system-alpha", memory, "clipper", arguments, qtest=True)
        qtest = machine.qtest
        for register, value in ((0x14, _BUS_ADDRESS), (0x04, 0x6)):
            qtest.write(_CONFIGURATION + (_DEVICE_FUNCTION << 8) + register, value, 4)
        super().__init__(memory, machine, Lance(qtest, _DEVICE_MEMORY + _BUS_ADDRESS + 0x10, "<"))
        self._window = _PCHIP + 0x40 * number

    def _enable(self, root: Root) -> None:
        for register, value in ((_WSBA, "wsba"), (_WSM, "wsm"), (_TBA, "tba")):
            self._machine.qtest.write(self._window + register, root.number(value), 8)

    def _invalidate(self) -> None:
        """QEMU's Typhoon caches no translations."""

    def _take_fault(self) -> str | None:
        return None
