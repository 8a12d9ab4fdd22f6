"""QEMU's LANCE and PCnet network chips as DMA masters, driven over qtest.

Starting the chip makes it read a block of 24 bytes, of which 14 can be read back from its registers. Sending makes it
read a descriptor and the frame, and then clear the descriptor's ownership bit in memory. Both happen within the write to
the register, so no clock has to run. Addresses have 32 bits, of which the chip keeps the top 8 apart.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from .qtest import QTest

SPAN = 64
"""A transfer reads and writes within so many bytes, which begin at a multiple of as many."""

_DESCRIPTOR = 32
_CSR0, _CSR1, _CSR2, _CSR4 = 0, 1, 2, 4
_INITIALISE, _START, _STOP, _DEMAND = 1, 2, 4, 8
_NO_POLLING = 1 << 12
_NO_RECEIVER = 1
_OWN, _FIRST, _LAST = 0x8000, 0x0200, 0x0100
_ONE_BYTE = 0xFFFF
_READ_BACK = (12, 13, 14, 8, 9, 10, 11)
NONCE_SIZE = 2 * len(_READ_BACK)


@dataclass(frozen=True)
class Lance:
    """The chip whose data port is at `base` and whose address port lies two bytes higher.

    `order` is struct's sign for the byte order of the words that the chip sees in memory, `swap` whether register values
    must be turned around for the CPU that qtest stands for. `set_high` is told the top 8 bits of each address where
    another chip supplies them.
    """

    qtest: QTest
    base: int
    order: str
    swap: bool = False
    set_high: Callable[[int], None] = lambda _: None

    def _value(self, value: int) -> int:
        return (value & 0xFF) << 8 | value >> 8 if self.swap else value

    def _write(self, *registers: tuple[int, int]) -> None:
        writes = []
        for register, value in registers:
            writes += [(self.base + 2, self._value(register)), (self.base, self._value(value))]
        self.qtest.write_all(writes, 2)

    def _read(self, register: int) -> int:
        self.qtest.write(self.base + 2, self._value(register), 2)
        return self._value(self.qtest.read(self.base, 2))

    def block(self, address: int, nonce: bytes) -> bytes:
        """What must lie at `address` for `fetch` to return `nonce` and for `store` to have something to do."""
        padding = bytes(_DESCRIPTOR - 24)
        words = [_NO_RECEIVER, *struct.unpack("<7H", nonce), 0, 0]
        words += [(address + _DESCRIPTOR) & 0xFFFF, (address + _DESCRIPTOR) >> 16 & 0xFF]
        descriptor = [address & 0xFFFF, (_OWN | _FIRST | _LAST) & 0xFF00 | address >> 16 & 0xFF, _ONE_BYTE, 0]
        return struct.pack(f"{self.order}12H", *words) + padding + struct.pack(f"{self.order}4H", *descriptor)

    def fetch(self, address: int) -> bytes:
        """Lets the chip read a block at a device address, and returns its nonce."""
        self.set_high(address >> 24)
        self._write(
            (_CSR0, _STOP), (_CSR1, address & 0xFFFF), (_CSR2, address >> 16), (_CSR4, _NO_POLLING), (_CSR0, _INITIALISE)
        )
        return struct.pack("<7H", *(self._read(register) for register in _READ_BACK))

    def store(self) -> None:
        """After a `fetch` of a whole block: lets the chip read its descriptor, and write it."""
        self._write((_CSR0, _START | _DEMAND), (_CSR0, _STOP))

    def was_written(self, block: bytes) -> bool:
        """Whether the chip has given the descriptor of a block in memory back."""
        return not struct.unpack_from(f"{self.order}H", block, _DESCRIPTOR + 2)[0] & _OWN
