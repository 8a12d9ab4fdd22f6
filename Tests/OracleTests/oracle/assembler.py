"""Assembles the small guest programs under guest/ with clang, which every Swift toolchain contains."""

from __future__ import annotations

import functools
import os
import shutil
import struct
import subprocess
import tempfile

from .model import Skip

_GUEST = os.path.join(os.path.dirname(__file__), "guest")


@functools.cache
def assemble(name: str, *options: str) -> bytes:
    """The machine code of guest/NAME: its .text section, which must need no relocation."""
    with tempfile.TemporaryDirectory(prefix="oracle-as-") as directory:
        output = os.path.join(directory, "code.o")
        command = [_clang(), "-c", "-nostdlib", *options, os.path.join(_GUEST, name), "-o", output]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        with open(output, "rb") as file:
            return _text_section(file.read())


@functools.cache
def _clang() -> str:
    """clang of the PATH, or the one beside the Swift compiler."""
    swift = shutil.which("swiftc")
    beside = os.path.join(os.path.dirname(os.path.realpath(swift)), "clang") if swift else ""
    for candidate in (beside, shutil.which("clang") or ""):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    raise Skip("no clang here to assemble the guest programs")


def _text_section(elf: bytes) -> bytes:
    """The contents of .text in an ELF object file of either width and byte order."""
    wide, order = elf[4] == 2, "<" if elf[5] == 1 else ">"
    table = struct.unpack_from(order + ("Q" if wide else "I"), elf, 0x28 if wide else 0x20)[0]
    size, count, names = struct.unpack_from(order + "HHH", elf, 0x3A if wide else 0x2E)
    layout = order + ("IIQQQQ" if wide else "IIIIII")
    sections = [struct.unpack_from(layout, elf, table + index * size) for index in range(count)]
    strings = sections[names][4]
    for name, _, _, _, offset, length in sections:
        if elf[strings + name : elf.index(b"\0", strings + name)] == b".text":
            return elf[offset : offset + length]
    raise ValueError("the object file has no .text section")
