"""Intel VT-d second-stage tables, 3 and 4 levels, walked by QEMU's intel-iommu for DMA of the edu device (`q35`)."""

from __future__ import annotations

import time

from ..dma_edu import EduWalker
from ..edu import DEVICE_FUNCTION, argument
from ..memory_file import MemoryFile
from ..model import Root
from ..pc import SCRATCH, edu, halting_rom
from ..qemu import Machine

_UNIT = 0xFED9_0000
_CAPABILITY, _EXTENDED, _COMMAND, _STATUS, _ROOT_TABLE, _CONTEXT_COMMAND = 0x08, 0x10, 0x18, 0x1C, 0x20, 0x28
_FAULT_STATUS = 0x34
_TRANSLATE, _SET_ROOT = 1 << 31, 1 << 30
_ROOT, _CONTEXT, _STAGING = SCRATCH, SCRATCH + 0x1000, SCRATCH + 0x2000
_REASONS = {
    1: "root entry not present",
    2: "context entry not present",
    3: "context entry invalid",
    4: "address too wide",
    5: "write permission",
    6: "read permission",
    7: "table outside memory",
    10: "root entry reserved bit",
    11: "context entry reserved bit",
    12: "reserved bit",
}


class VTd(EduWalker):
    """The machine. A root that says `rtaddr` brings its own root and context tables; else the walker writes them."""

    staging = _STAGING

    def __init__(self, memory: MemoryFile, device_function: int = DEVICE_FUNCTION, scalable: bool = False) -> None:
        mode = ",x-scalable-mode=on" if scalable else ""
        arguments = ["-bios", halting_rom(memory), "-icount", "shift=0,sleep=off", "-cpu", "qemu64,phys-bits=52"]
        arguments += ["-device", f"intel-iommu,intremap=off,aw-bits=48{mode}", "-device", argument(device_function)]
        machine = Machine("qemu-system-x86_64", memory, "q35", arguments, paused=False, qtest=True)
        super().__init__(memory, machine, edu(machine.qtest, device_function))
        self._fault_records = 16 * (self._read(_CAPABILITY, 8) >> 24 & 0x3FF)
        self._tlb = 16 * (self._read(_EXTENDED, 8) >> 8 & 0x3FF) + 8
        self._device_function = device_function

    def _read(self, register: int, size: int = 4) -> int:
        return self._machine.qtest.read(_UNIT + register, size)

    def _write(self, register: int, value: int, size: int = 4) -> None:
        self._machine.qtest.write(_UNIT + register, value, size)

    def _enable(self, root: Root) -> None:
        table = root.number("rtaddr", 0)
        if not table:
            table = self._write_root(root.number("table"), root.number("levels", 4))
        self._write(_ROOT_TABLE, table, 8)
        self._write(_COMMAND, _SET_ROOT)
        self._invalidate()
        self._write(_COMMAND, _TRANSLATE)
        self._await(_TRANSLATE)

    def _disable(self) -> None:
        self._write(_COMMAND, 0)
        self._await(0)

    def _await(self, state: int) -> None:
        deadline = time.monotonic() + 5
        while self._read(_STATUS) & _TRANSLATE != state:
            if time.monotonic() > deadline:
                raise TimeoutError("the IOMMU does not change its state")

    def _invalidate(self) -> None:
        commands = [(_UNIT + _CONTEXT_COMMAND, 1 << 63 | 1 << 61), (_UNIT + self._tlb, 1 << 63 | 1 << 60)]
        self._machine.qtest.write_all(commands, 8)

    def _take_fault(self) -> str | None:
        if not self._read(_FAULT_STATUS) & 2:
            return None
        record = self._read(self._fault_records + 8, 8)
        self._write(self._fault_records + 8, 1 << 63, 8)
        self._write(_FAULT_STATUS, 1)
        return _REASONS.get(record >> 32 & 0xFF, f"reason {record >> 32 & 0xFF}")

    def _write_root(self, table: int, levels: int) -> int:
        """A root table whose entry for bus 0 leads to a context table, whose entry for the device leads to `table`."""
        entry = _CONTEXT + 16 * self._device_function
        for place, low, high in ((_ROOT, _CONTEXT | 1, 0), (entry, table | 1, 1 << 8 | levels - 2)):
            self._memory.write_word(place, low)
            self._memory.write_word(place + 8, high)
        return _ROOT
