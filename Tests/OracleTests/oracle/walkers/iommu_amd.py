"""AMD IOMMU v1 (host) tables, modes 1 to 6, walked by QEMU's amd-iommu for DMA of the edu device (`q35`)."""

from __future__ import annotations

import time

from ..dma_edu import EduWalker
from ..edu import DEVICE_FUNCTION, argument
from ..memory_file import MemoryFile
from ..model import Root
from ..pc import SCRATCH, edu, halting_rom
from ..qemu import Machine

_UNIT = 0xFED8_0000
_DEVICE_TABLE, _COMMAND_BASE, _EVENT_BASE, _CONTROL = 0x00, 0x08, 0x10, 0x18
_COMMAND_HEAD, _COMMAND_TAIL = 0x2000, 0x2008
_ENABLED = 0x1005  # IommuEn, EventLogEn, CmdBufEn
_TABLE, _COMMANDS, _EVENTS, _STAGING = (SCRATCH + offset for offset in (0, 0x4000, 0x5000, 0x6000))
_TABLE_BYTES = 0x2000  # 256 entries: bus 0
_INVALIDATE_ENTRY, _INVALIDATE_ALL = 2, 8


class AMDVi(EduWalker):
    """The machine. A root that says `device_table_base` brings its own device table; else the walker writes it.

    QEMU writes no event log, so the kind of a fault is not known: nothing moves.
    """

    staging = _STAGING

    def __init__(self, memory: MemoryFile, device_function: int = DEVICE_FUNCTION) -> None:
        arguments = ["-bios", halting_rom(memory), "-icount", "shift=0,sleep=off", "-cpu", "qemu64,phys-bits=52"]
        arguments += ["-device", argument(device_function), "-device", "amd-iommu"]
        machine = Machine("qemu-system-x86_64", memory, "q35", arguments, paused=False, qtest=True)
        super().__init__(memory, machine, edu(machine.qtest, device_function))
        self._device_function = device_function
        self._tail = 0

    def _write(self, register: int, value: int) -> None:
        self._machine.qtest.write(_UNIT + register, value, 8)

    def _enable(self, root: Root) -> None:
        base = root.number("device_table_base", 0)
        self._write(_DEVICE_TABLE, base or self._write_entry(root))
        self._write(_COMMAND_BASE, _COMMANDS | 8 << 56)
        self._write(_EVENT_BASE, _EVENTS | 8 << 56)
        self._tail = 0
        self._write(_CONTROL, _ENABLED)
        self._invalidate()

    def _write_entry(self, root: Root) -> int:
        """A device table that leads the device to `table` (or holds the words `dte_0`, `dte_1`); the base register."""
        low = root.number("levels", 3) << 9 | root.number("table") | 3 << 61 | 3
        words = (root.number("dte_0", low), root.number("dte_1", 1), 0, 0)
        for index, word in enumerate(words):
            self._memory.write_word(_TABLE + 32 * self._device_function + 8 * index, word)
        return _TABLE | _TABLE_BYTES // 4096 - 1

    def _disable(self) -> None:
        self._write(_CONTROL, 0)

    def _invalidate(self) -> None:
        for command, operand in ((_INVALIDATE_ENTRY, self._device_function), (_INVALIDATE_ALL, 0)):
            self._memory.write_word(_COMMANDS + self._tail, command << 60 | operand)
            self._memory.write_word(_COMMANDS + self._tail + 8, 0)
            self._tail = (self._tail + 16) % 4096
        self._write(_COMMAND_TAIL, self._tail)
        deadline = time.monotonic() + 5
        while self._machine.qtest.read(_UNIT + _COMMAND_HEAD, 8) != self._tail:
            if time.monotonic() > deadline:
                raise TimeoutError("the IOMMU does not take its commands")

    def _take_fault(self) -> str | None:
        return None
