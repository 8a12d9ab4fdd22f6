"""What the PC walkers share: where RAM lies, the memory they keep for themselves, and how a PCI device is set up."""

from __future__ import annotations

import os
import re

from .edu import DEVICE_FUNCTION, Edu
from .memory_file import MemoryFile, Window
from .model import Root
from .qtest import QTest

SCRATCH, SCRATCH_SIZE = 0x10_0000, 0x10_0000
"""The second MiB of RAM belongs to the walker (and the first page, for the segment descriptors of a CPU)."""

_LOW_RAM, _HIGH_RAM = 0x8000_0000, 1 << 32
_DEVICES = 0xE000_0000
_HALT = 0xF4


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine. Beyond 2 GiB it continues at 4 GiB, as on a PC."""
    if size < 0xB000_0000:
        return MemoryFile(path, [Window(0, size, 0)])
    return MemoryFile(path, [Window(0, _LOW_RAM, 0), Window(_HIGH_RAM, size - _LOW_RAM, _LOW_RAM)])


def halting_rom(memory: MemoryFile) -> str:
    """A ROM full of HLT beside the memory file: a CPU that sleeps lets virtual time jump to the next timer."""
    path = os.path.join(os.path.dirname(memory.path), "halt.rom")
    with open(path, "wb") as rom:
        rom.write(bytes([_HALT]) * 65536)
    return path


def device_function(root: Root) -> int:
    """The device and function of the `requester` that a root is made for, which must be on bus 0."""
    identifier = requester(root)
    if identifier > 0xFF:
        raise ValueError(f"the requester {root['requester']} is not on bus 0")
    return identifier


def requester(root: Root) -> int:
    """Bus, device and function of the `requester` that a root is made for (`BUS:DEVICE.FUNCTION`, hexadecimal), or the
    `streamid`."""
    if "streamid" in root:
        return root.number("streamid")
    text = root.get("requester")
    if text is None:
        return DEVICE_FUNCTION
    bus, device, function = re.split("[:.]", text)
    return int(bus, 16) << 8 | int(device, 16) << 3 | int(function, 16)


def edu(qtest: QTest, device_function: int) -> Edu:
    """Gives the device its place in the address space and lets it be a bus master."""
    for register, value in ((0x10, _DEVICES), (0x04, 0x6)):
        qtest.output(0xCF8, 0x8000_0000 | device_function << 8 | register)
        qtest.output(0xCFC, value)
    return Edu(qtest, _DEVICES)
