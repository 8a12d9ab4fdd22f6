"""Assembles the small guest programs under guest/ with clang, which every Swift toolchain contains."""

from __future__ import annotations

import functools
import os
import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass

from .model import Skip

_GUEST = os.path.join(os.path.dirname(__file__), "guest")


@dataclass(frozen=True)
class Program:
    """Machine code that runs wherever it is put, and the offsets of its labels."""

    code: bytes
    labels: dict[str, int]


@functools.cache
def assemble(name: str, *options: str) -> Program:
    """Assembles guest/NAME into its .text section, which must need no relocation."""
    with tempfile.TemporaryDirectory(prefix="oracle-as-") as directory:
        output = os.path.join(directory, "code.o")
        command = [_clang(), "-c", "-nostdlib", *options, os.path.join(_GUEST, name), "-o", output]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        with open(output, "rb") as file:
            return _read_object(file.read())


@functools.cache
def _clang() -> str:
    """clang of the PATH, or the one beside the Swift compiler."""
    swift = shutil.which("swiftc")
    beside = os.path.join(os.path.dirname(os.path.realpath(swift)), "clang") if swift else ""
    for candidate in (beside, shutil.which("clang") or ""):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    raise Skip("no clang here to assemble the guest programs")


def _read_object(elf: bytes) -> Program:
    """The .text section and its symbols, from an ELF object file of either width and byte order."""
    wide, order = elf[4] == 2, "<" if elf[5] == 1 else ">"
    table = struct.unpack_from(order + ("Q" if wide else "I"), elf, 0x28 if wide else 0x20)[0]
    size, count, names = struct.unpack_from(order + "HHH", elf, 0x3A if wide else 0x2E)
    layout = order + ("IIQQQQII" if wide else "IIIIIIII")
    sections = [struct.unpack_from(layout, elf, table + index * size) for index in range(count)]
    by_name = {_string(elf, sections[names][4] + section[0]): index for index, section in enumerate(sections)}
    text, symbols = by_name[".text"], sections[by_name[".symtab"]]
    if any(name.startswith(".rel") and name.endswith(".text") for name in by_name):
        raise ValueError("the guest program needs relocation")
    strings = sections[symbols[6]][4]
    layout = order + ("IBBHQQ" if wide else "IIIBBH")
    labels = {}
    for place in range(symbols[4], symbols[4] + symbols[5], struct.calcsize(layout)):
        fields = struct.unpack_from(layout, elf, place)
        name, section, value = (fields[0], fields[3], fields[4]) if wide else (fields[0], fields[5], fields[1])
        if section == text and name:
            labels[_string(elf, strings + name)] = value
    offset, length = sections[text][4:6]
    return Program(elf[offset : offset + length], labels)


def _string(data: bytes, place: int) -> str:
    return data[place : data.index(b"\0", place)].decode()
