"""RISC-V tables of the first stage and of the G-stage."""

from __future__ import annotations

from .. import permissions
from ..expect import Questions
from ..product import Pool
from ..walkers import cpu_riscv
from .row import Format, G, K, M


def _riscv(mode: str, bits: int, guest: bool) -> Format:
    wide = mode != "sv32"
    pools = (
        Pool("low", 0x8010_0000, 0x6FF0_0000),
        Pool("tables", 0xF000_0000, 128 * M, tables=True),
        Pool("high", 4 * G, 12 * G, "[1G, 2M, 1M, 64K, 4K]"),
    )
    return Format(
        name=f"riscv-{mode}" + ("x4" if guest else ""),
        ram=14 * G if wide else 2 * G,
        memory=cpu_riscv.memory_file,
        pools=pools if wide else pools[:2],
        walker=lambda memory, _: cpu_riscv.RISCV(memory, 64 if wide else 32),
        sizes=(4 * K, 64 * K, 2 * M, G) if wide else (4 * K, 64 * K, 4 * M),
        attributes=permissions.combinations("r rw rx rwx x", *("",) if guest else ("user", "supervisor")),
        permissions=permissions.guest if guest else permissions.riscv,
        questions=Questions(alignment=8, limit=1 << 64 if wide else 1 << 32, most=40),
        # QEMU takes half of a widened range only; a first stage's upper half is sign-extended.
        length=1 << (bits + 1 if guest else bits - 1) if wide else 4 * G,
    )


ROWS = [
    _riscv(mode, bits, guest)
    for guest in (False, True)
    for mode, bits in (("sv32", 32), ("sv39", 39), ("sv48", 48), ("sv57", 57))
]
