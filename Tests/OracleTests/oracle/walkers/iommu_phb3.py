"""PowerPC TCE tables of 1 to 5 levels, walked by QEMU's PHB3 for DMA of the edu device (`powernv8`)."""

from __future__ import annotations

import os
import struct

from ..dma_edu import EduWalker
from ..edu import Edu, argument
from ..memory_file import MemoryFile, Window
from ..model import Root
from ..qemu import Machine

SCRATCH, SCRATCH_SIZE = 0x200_0000, 0x10_0000
"""The walker's own memory. Below it lie the machine's firmware and device tree."""

_CONTROL_SPACE = 0x3_FC00_0000_0000  # XSCOM of chip 0
_ENABLE_WINDOWS = 0x201_2045
_REGISTERS, _DEVICE_MEMORY = 0x3_FFFE_4000_0000, 0x3_FF80_0000_0000
_CONFIGURATION_DATA, _CONFIGURATION_ADDRESS, _CONFIGURATION = 0x130, 0x140, 0x160
_REQUESTER_TABLE = 0x168
_MEMORY_BASE, _MEMORY_MASK, _MEMORY_START = 0x190, 0x198, 0x1A0
_TABLE_ADDRESS, _TABLE_DATA = 0x220, 0x228
_TRANSLATION_TABLE = 9 << 48
_BUS_MEMORY = 0x8000_0000
_ENDPOINT = 1
_UNTRANSLATED = 1 << 59
_NAP = 0x4C00_0364
_FIRMWARE_ENTRY = 0x10


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine, from address 0."""
    return MemoryFile(path, [Window(0, size, 0)])


class PHB3(EduWalker):
    """The machine. `tve` of the root is the translation validation entry of the lower half of device addresses; without
    one the walker makes it from `table`, `levels`, `page` and `entries`.

    The upper half is left untranslated, so translation never has to be turned off.
    """

    staging = SCRATCH + 0x8_0000
    staging_address = _UNTRANSLATED | staging

    def __init__(self, memory: MemoryFile) -> None:
        directory = os.path.dirname(memory.path)
        self._log_path = os.path.join(directory, "phb3.log")
        firmware = os.path.join(directory, "nap.bin")
        with open(firmware, "wb") as file:
            file.write(bytes(_FIRMWARE_ENTRY) + struct.pack(">I", _NAP) * 1024)
        arguments = ["-bios", firmware, "-icount", "shift=0,sleep=off", "-d", "guest_errors", "-D", self._log_path]
        arguments += ["-device", "pnv-phb,index=0,chip-id=0,id=phb", "-device", argument(0) + ",bus=phb"]
        machine = Machine("qemu-system-ppc64", memory, "powernv8", arguments, paused=False, qtest=True)
        self._qtest = machine.qtest
        self._set_up(memory)
        super().__init__(memory, machine, Edu(machine.qtest, _DEVICE_MEMORY))
        self._log_read = 0

    def _write(self, register: int, value: int) -> None:
        self._qtest.write(_REGISTERS + register, value, 8)

    def _set_up(self, memory: MemoryFile) -> None:
        """Opens the windows for registers and device memory, places the device, and makes it endpoint 1."""
        register = (_ENABLE_WINDOWS & ~0xF) << 4 | (_ENABLE_WINDOWS & 0xF) << 3
        self._qtest.write(_CONTROL_SPACE + register, 7 << 61, 8)
        self._write(_MEMORY_BASE, _DEVICE_MEMORY)
        self._write(_MEMORY_MASK, ~(_BUS_MEMORY - 1) & (1 << 64) - 1)
        self._write(_MEMORY_START, _BUS_MEMORY)
        self._write(_CONFIGURATION, 1 << 47)
        for place, value in ((0x10, _BUS_MEMORY), (0x04, 0x6)):
            self._write(_CONFIGURATION_ADDRESS, 1 << 63 | place << 32)
            swapped = int.from_bytes(value.to_bytes(4, "little"), "big")
            self._qtest.write(_REGISTERS + _CONFIGURATION_DATA, swapped, 4)
        memory.write(SCRATCH, bytes(SCRATCH_SIZE))
        memory.write_word(SCRATCH, _ENDPOINT, 2, "big")
        self._write(_REQUESTER_TABLE, 1 << 63 | SCRATCH)

    def _write_entry(self, index: int, value: int) -> None:
        self._write(_TABLE_ADDRESS, _TRANSLATION_TABLE | index)
        self._write(_TABLE_DATA, value)

    def _enable(self, root: Root) -> None:
        entry = root.number("tve", 0) or _entry_of(root)
        self._write_entry(2 * _ENDPOINT, entry)
        self._write_entry(2 * _ENDPOINT + 1, 1 << 12)

    def _disable(self) -> None:
        self._write_entry(2 * _ENDPOINT + 1, 1 << 12)

    def _invalidate(self) -> None:
        """QEMU's PHB3 caches no translations."""

    def _take_fault(self) -> str | None:
        with open(self._log_path, encoding="utf-8", errors="replace") as log:
            log.seek(self._log_read)
            text = log.read()
            self._log_read = log.tell()
        if "Invalid indirect TCE" in text:
            return "table"
        return "permission" if "TCE access fault" in text else None


def _entry_of(root: Root) -> int:
    """The TVE of a flat table: one level, as large as its entries need."""
    page = root.number("page").bit_length() - 1
    size = (root.number("entries") * 8 - 1).bit_length()
    return root.number("table") >> 12 << 16 | size - 11 << 8 | page - 11
