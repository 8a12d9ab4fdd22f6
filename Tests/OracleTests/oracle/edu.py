"""QEMU's `edu` device: a DMA master with a 4 KiB buffer of its own, driven over qtest."""

from __future__ import annotations

import time

from .qtest import QTest

DEVICE_FUNCTION = 0x10
"""Where the device sits on its bus unless a root says otherwise: 02.0."""

BUFFER_SIZE = 2048
"""Bytes of the buffer that are used here."""

_SOURCE, _DESTINATION, _COUNT, _COMMAND = 0x80, 0x88, 0x90, 0x98
_RUN, _TO_MEMORY = 1, 2
_BUFFER = 0x40000
_SECONDS = 5.0


def argument(device_function: int = DEVICE_FUNCTION) -> str:
    """What -device takes."""
    return f"edu,addr={device_function >> 3:02x}.{device_function & 7},dma_mask=0xffffffffffffffff"


class Edu:
    """The device, whose registers lie at `base`."""

    def __init__(self, qtest: QTest, base: int) -> None:
        self._qtest, self._base = qtest, base

    def fetch(self, address: int, place: int, count: int = 8) -> None:
        """Reads memory at the device address into the buffer."""
        self._transfer(address, _BUFFER + place, count, _RUN)

    def store(self, place: int, address: int, count: int = 8) -> None:
        """Writes from the buffer to memory at the device address."""
        self._transfer(_BUFFER + place, address, count, _RUN | _TO_MEMORY)

    def _transfer(self, source: int, destination: int, count: int, command: int) -> None:
        registers = {_SOURCE: source, _DESTINATION: destination, _COUNT: count, _COMMAND: command}
        self._qtest.write_all([(self._base + register, value) for register, value in registers.items()], 8)
        deadline = time.monotonic() + _SECONDS
        while self._qtest.read(self._base + _COMMAND, 8) & _RUN:
            if time.monotonic() > deadline:
                raise TimeoutError("the edu device does not finish its transfer")
