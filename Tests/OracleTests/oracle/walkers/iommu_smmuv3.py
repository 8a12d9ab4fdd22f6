"""AArch64 stage-1 tables, walked by QEMU's SMMUv3 for DMA of the edu device (`virt`).

QEMU's SMMU is laxer than the hardware: it ignores AF, AP[1] and XN, so this walker tells addresses and whether writing
is allowed; for all else ask the CPU. Its devices have 48 bits of address, so there is no high half.
"""

from __future__ import annotations

import time

from ..dma_edu import EduWalker
from ..edu import DEVICE_FUNCTION, Edu, argument
from ..memory_file import MemoryFile
from ..model import Root
from ..qemu import Machine
from .cpu_aarch64 import SCRATCH

_UNIT = 0x0905_0000
_CR0, _CR0_ACK, _STREAMS, _STREAMS_CONFIG = 0x20, 0x24, 0x80, 0x88
_COMMANDS, _COMMAND_PRODUCER, _COMMAND_CONSUMER = 0x90, 0x98, 0x9C
_EVENTS, _EVENT_PRODUCER, _EVENT_CONSUMER = 0xA0, 0x100A8, 0x100AC
_ENABLED = 0xD  # SMMUEN, EVENTQEN, CMDQEN
_QUEUE_ORDER = 8
_CONFIGURATION_SPACE, _DEVICES = 0x40_1000_0000, 0x1000_0000
_PORT = 1 << 3
_FORGET_CONFIGURATION, _FORGET_TRANSLATIONS = 0x04, 0x30
_EVENTS_BY_TYPE = {0x10: "translation", 0x11: "address size", 0x12: "access flag", 0x13: "permission"}


class SMMUv3(EduWalker):
    """The machine. A root that says `strtab_base` brings its own stream table; else the walker makes stream table and
    context descriptor from the registers that the root names. A requester of another bus than 0 sits behind a port.
    """

    def __init__(self, memory: MemoryFile, requester: int = DEVICE_FUNCTION) -> None:
        arguments = ["-cpu", "cortex-a57,start-powered-off=on", "-smp", "1", "-icount", "shift=0,sleep=off"]
        if requester > 0xFF:
            arguments += ["-device", f"pcie-root-port,id=above,chassis=1,addr={_PORT >> 3}"]
            arguments += ["-device", argument(requester & 0xFF) + ",bus=above"]
        else:
            arguments += ["-device", argument(requester)]
        machine = Machine(
            "qemu-system-aarch64", memory, "virt,iommu=smmuv3", arguments, paused=False, qtest=True
        )
        if requester > 0xFF:
            bus, window = requester >> 8, _DEVICES | _DEVICES >> 16
            for register, value in ((0x18, bus << 16 | bus << 8), (0x20, window), (0x04, 0x6)):
                machine.qtest.write(_CONFIGURATION_SPACE | _PORT << 12 | register, value)
        for register, value in ((0x10, _DEVICES), (0x04, 0x6)):
            machine.qtest.write(_CONFIGURATION_SPACE | requester << 12 | register, value)
        super().__init__(memory, machine, Edu(machine.qtest, _DEVICES))
        self._streams, self._context = SCRATCH, SCRATCH + 0x8000
        self._commands, self._events, self.staging = SCRATCH + 0x9000, SCRATCH + 0x10000, SCRATCH + 0x18000
        self._requester = requester
        self._producer = self._consumer = 0
        self._set_up()

    def _write(self, register: int, value: int, size: int = 4) -> None:
        self._machine.qtest.write(_UNIT + register, value, size)

    def _read(self, register: int) -> int:
        return self._machine.qtest.read(_UNIT + register, 4)

    def _set_up(self) -> None:
        # What the unit writes by itself must not look like the page of a transfer: all of it is touched now.
        self._memory.write(self._streams, bytes(0x20000))
        self._write(_COMMANDS, self._commands | _QUEUE_ORDER, 8)
        self._write(_EVENTS, self._events | _QUEUE_ORDER, 8)

    def _enable(self, root: Root) -> None:
        if "strtab_base" in root:
            self._write(_STREAMS, root.number("strtab_base"), 8)
            self._write(_STREAMS_CONFIG, root.number("strtab_base_cfg"))
        else:
            self._write_stream(root)
        self._switch(_ENABLED)
        self._invalidate()

    def _write_stream(self, root: Root) -> None:
        self._write(_STREAMS, self._streams, 8)
        self._write(_STREAMS_CONFIG, _QUEUE_ORDER)  # linear, 256 streams
        memory, stream = self._memory, self._streams + 64 * self._requester
        control = root.number("tcr_el1")
        low = control & 0x3F | (control >> 14 & 3) << 6 | (control >> 8 & 0x3F) << 8 | (control >> 7 & 1) << 14
        high = control >> 16 & 0x3F | (control >> 30 & 3) << 6 | (control >> 24 & 0x3F) << 8 | (control >> 23 & 1) << 14
        rest = control >> 32 & 7 | 1 << 9 | 1 << 13 | 1 << 14  # IPS, AA64, R, A
        words = (low | high << 16 | 1 << 31 | rest << 32, root.number("ttbr0_el1", 0), root.number("ttbr1_el1", 0))
        for index, word in enumerate((*words, root.number("mair_el1", 0))):
            memory.write_word(self._context + 8 * index, word)
        memory.write_word(stream, self._context | 5 << 1 | 1)  # stage 1 translates, stage 2 passes
        memory.write_word(stream + 8, 0)

    def _disable(self) -> None:
        self._switch(0)

    def _switch(self, state: int) -> None:
        self._write(_CR0, state)
        self._await(lambda: self._read(_CR0_ACK) == state)

    def _invalidate(self) -> None:
        for command, operand in ((_FORGET_CONFIGURATION, 31), (_FORGET_TRANSLATIONS, 0)):
            index = self._producer & (1 << _QUEUE_ORDER) - 1
            self._memory.write_word(self._commands + 16 * index, command)
            self._memory.write_word(self._commands + 16 * index + 8, operand)
            self._producer = (self._producer + 1) % (2 << _QUEUE_ORDER)
        self._write(_COMMAND_PRODUCER, self._producer)
        self._await(lambda: self._read(_COMMAND_CONSUMER) == self._producer)

    @staticmethod
    def _await(done) -> None:
        deadline = time.monotonic() + 5
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError("the SMMU does not answer")

    def _take_fault(self) -> str | None:
        producer = self._read(_EVENT_PRODUCER) & (2 << _QUEUE_ORDER) - 1
        if producer == self._consumer:
            return None
        index = self._consumer & (1 << _QUEUE_ORDER) - 1
        kind = self._memory.read_word(self._events + 32 * index) & 0xFF
        self._consumer = producer
        self._write(_EVENT_CONSUMER, producer)
        return _EVENTS_BY_TYPE.get(kind, f"event {kind:#x}")
