"""The 68040, the SPARC reference MMU, and z/Architecture's DAT, which walks the tables of PCI functions."""

from __future__ import annotations

from .. import permissions
from ..expect import READ, WRITE, Questions
from ..product import Pool
from ..walkers import cpu_m68k, cpu_s390x, cpu_sparc
from .row import Adapted, Format, G, K, M


def _m68k(granule: str, page: int) -> Format:
    chunks = f"[1M, 64K, {granule}]"
    return Format(
        name="m68k-040",
        label=granule.lower(),
        ram=3 * G,
        memory=cpu_m68k.memory_file,
        pools=(
            Pool("low", cpu_m68k.SCRATCH_SIZE, G - cpu_m68k.SCRATCH_SIZE, chunks),
            Pool("tables", G, 64 * M, tables=True),
            Pool("high", 2 * G, G, chunks),
        ),
        walker=lambda memory, _: cpu_m68k.M68K(memory),
        sizes=(page, 64 * K, M),
        attributes=permissions.combinations("r rw", "user", "supervisor"),
        permissions=permissions.processor,
        questions=Questions((READ, WRITE), page=page, most=20),
        device=f"{{type: iommu, format: %s, granule: {granule}}}",
    )


_srmmu = Format(
    name="sparc-srmmu",
    ram=10 * G,
    memory=cpu_sparc.memory_file,
    pools=(
        Pool("tables", 0x200_0000, 64 * M, tables=True),
        Pool("low", 0x1000_0000, 2 * G, "[16M, 1M, 64K, 4K]"),
        Pool("high", 8 * G, 2 * G, "[16M, 1M, 64K, 4K]"),
    ),
    walker=lambda memory, _: cpu_sparc.SPARC(memory),
    sizes=(4 * K, 256 * K, 16 * M),
    attributes=[
        *permissions.combinations("r rw rx rwx x", "user"),
        *permissions.combinations("rx rwx", "supervisor"),
    ],
    permissions=permissions.processor,
    questions=Questions(most=20),
)


def _s390(levels: int) -> Format:
    bits = 20 + 11 * (levels - 1)
    return Format(
        name="s390-pci",
        label=f"levels{levels}",
        ram=14 * G,
        memory=cpu_s390x.memory_file,
        pools=(
            Pool("low", 0x100_0000, 0x7F00_0000),
            Pool("tables", 2 * G, 256 * M, tables=True),
            Pool("high", 4 * G, 10 * G),
        ),
        walker=lambda memory, _: Adapted(cpu_s390x.S390X(memory), cpu_s390x.space_of),
        sizes=(4 * K, 64 * K, M),
        attributes=permissions.combinations("r rw"),
        permissions=permissions.read_write,
        questions=Questions((READ, WRITE), (True,), alignment=8, limit=1 << bits, most=40),
        # Not the very last byte: a region ends before 2^64.
        length=(1 << bits) - (0 if bits < 64 else 4 * K),
        device=f"{{type: iommu, format: %s, levels: {levels}}}",
    )


ROWS = (_m68k("4K", 4 * K), _m68k("8K", 8 * K), _srmmu, *(_s390(levels) for levels in range(2, 6)))
