"""Translation storage buffers of sun4u, walked by QEMU's Sabre for DMA of a PCnet (`sun4u`).

This board cannot have its RAM in a file, so table and data lie in the memory region of an NVMe device, which is one: the
IOMMU sees no difference, and addresses use all 41 bits that QEMU's Sabre takes.
"""

from __future__ import annotations

import os

from ..dma_lance import LanceWalker
from ..lance import Lance
from ..memory_file import MemoryFile, Window
from ..model import Root
from ..qemu import Machine

_SABRE = 0x1FE_0000_0000
_CONTROL, _TSB = _SABRE + 0x200, _SABRE + 0x208
_CONFIGURATION, _DEVICE_MEMORY = _SABRE + 0x100_0000, 0x1FF_0000_0000
_BRIDGE, _NETWORK, _STORAGE = 0x0_08, 0x1_08, 0x1_10
_NETWORK_ADDRESS, _STORAGE_ADDRESS, _MEMORY_ADDRESS = 0x1000_0000, 0x1008_0000, 0x4000_0000
_MEMORY_CONTROL = 0xE04

MEMORY_BASE = _DEVICE_MEMORY + _MEMORY_ADDRESS
MEMORY_SIZE = 1 << 30


def memory_file(path: str, size: int) -> MemoryFile:
    """The machine's file: exactly `MEMORY_SIZE` at `MEMORY_BASE`."""
    if size != MEMORY_SIZE:
        raise ValueError(f"the memory has {MEMORY_SIZE:#x} bytes, not {size:#x}")
    return MemoryFile(path, [Window(MEMORY_BASE, size, 0)])


class Sabre(LanceWalker):
    """The machine. Its devices sit behind the bridge of bus B, which must be told its buses and its windows."""

    entry_bytes = 8

    def __init__(self, memory: MemoryFile) -> None:
        firmware = os.path.join(os.path.dirname(memory.path), "none.rom")
        with open(firmware, "wb") as file:
            file.write(bytes(4096))
        devices = ["pcnet,bus=pciB,addr=1", "nvme,serial=memory,pmrdev=ram,bus=pciB,addr=2"]
        arguments = ["-bios", firmware, *(word for device in devices for word in ("-device", device))]
        machine = Machine("qemu-system-sparc64", memory, "sun4u", arguments, qtest=True, is_ram=False)
        port = _DEVICE_MEMORY + _NETWORK_ADDRESS + 0x10
        super().__init__(memory, machine, Lance(machine.qtest, port, "<", swap=True))
        self._set_up()

    def _set_up(self) -> None:
        limit = _MEMORY_ADDRESS + MEMORY_SIZE - 1 & 0xFFF0_0000
        for register, value in (
            (0x18, 0x0001_0100), (0x20, _NETWORK_ADDRESS | _NETWORK_ADDRESS >> 16), (0x24, limit | _MEMORY_ADDRESS >> 16),
            (0x04, 0x6),
        ):  # fmt: skip
            self._configure(_BRIDGE, register, value)
        for function, register, value in (
            (_NETWORK, 0x14, _NETWORK_ADDRESS), (_NETWORK, 0x04, 0x6),
            (_STORAGE, 0x10, _STORAGE_ADDRESS), (_STORAGE, 0x20, _MEMORY_ADDRESS), (_STORAGE, 0x04, 0x6),
        ):  # fmt: skip
            self._configure(function, register, value)
        self._write_little(_DEVICE_MEMORY + _STORAGE_ADDRESS + _MEMORY_CONTROL, 1)

    def _configure(self, function: int, register: int, value: int) -> None:
        self._write_little(_CONFIGURATION + (function << 8) + register, value)

    def _write_little(self, place: int, value: int) -> None:
        """Writes a register of PCI, which is little-endian, as the CPU is not."""
        self._machine.qtest.write(place, int.from_bytes(value.to_bytes(4, "little"), "big"), 4)

    def _enable(self, root: Root) -> None:
        self._machine.qtest.write(_TSB, root.number("iommu_tsbbase"), 8)
        self._machine.qtest.write(_CONTROL, root.number("iommu_control"), 8)

    def _invalidate(self) -> None:
        """QEMU's Sabre caches no translations."""

    def _take_fault(self) -> str | None:
        return None
