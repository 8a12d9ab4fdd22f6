"""AArch64 tables of both stages on a CPU, and of stage 1 on an SMMUv3."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from .. import permissions
from ..expect import Questions
from ..memory_file import MemoryFile
from ..model import Root
from ..product import Pool
from ..walkers import cpu_aarch64, iommu_smmuv3
from .row import DMA, PROTECTIONS, Adapted, Format, G, K, M, mirrored


def _aarch64(memory: MemoryFile, _: Root) -> AbstractContextManager[Any]:
    return Adapted(cpu_aarch64.AArch64(memory), cpu_aarch64.registers_of)


def pools(page: int) -> tuple[Pool, ...]:
    """Memory for data below and above 2 GiB, and for tables at the end of 14 GiB."""
    chunks = f"[1G, 2M, 1M, 64K, {page // K}K]" if page < 64 * K else "[1G, 2M, 1M, 64K]"
    return (
        Pool("low", 0x4100_0000, 0x3F00_0000, chunks),
        Pool("high", 2 * G, 12 * G, chunks),
        Pool("tables", 14 * G, 256 * M, tables=True),
    )


def _row(granule: str, page: int, sizes: Sequence[int], stage2: bool) -> Format:
    return Format(
        name=f"arm64-s2-{granule}" if stage2 else f"arm64-{granule}",
        ram=14 * G,
        memory=cpu_aarch64.memory_file,
        pools=pools(page),
        walker=_aarch64,
        sizes=sizes,
        # Execute-only pages are left out: nothing that the CPU tells says where they lead.
        attributes=permissions.combinations("none r w rw rx wx rwx") if stage2 else PROTECTIONS,
        permissions=permissions.guest if stage2 else permissions.aarch64,
        questions=Questions(page=page, limit=1 << 48, most=40),
        length=1 << 48,
        splits=() if stage2 else (16, 17, 20, 25, 31),
        halves=mirrored(64),
    )


_SHAPES = (
    ("4k", 4 * K, (4 * K, 64 * K, 2 * M, 32 * M, G)),
    ("16k", 16 * K, (16 * K, 2 * M, 32 * M)),
    ("64k", 64 * K, (64 * K, 2 * M, 512 * M)),
)
_rows = [_row(*shape, stage2) for stage2 in (False, True) for shape in _SHAPES]
_high_rows = [
    replace(
        row,
        label="high",
        splits=(),
        # Associated with nothing said: only the upper half can hold it.
        start=(1 << 64) - (1 << 48),
        questions=replace(row.questions, limit=1 << 64),
    )
    for row in _rows[:3]
]
_smmu_rows = [
    replace(
        row,
        label="smmuv3",
        splits=(),
        walker=lambda memory, _: iommu_smmuv3.SMMUv3(memory),
        attributes=permissions.combinations("r rw"),
        permissions=permissions.read_write,
        questions=replace(DMA, page=row.questions.page, limit=1 << 48),
    )
    for row in _rows[:3]
]

ROWS = (*_rows, *_high_rows, *_smmu_rows)
