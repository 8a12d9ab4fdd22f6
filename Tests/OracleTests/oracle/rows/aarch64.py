"""AArch64 tables of both stages on a CPU, and of stage 1 on an SMMUv3."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from .. import permissions
from ..expect import READ, WRITE, Questions
from ..memory_file import MemoryFile, Window
from ..model import Root
from ..pc import requester
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


def _row(granule: str, page: int, sizes: Sequence[int], stage2: bool, bits: int = 48) -> Format:
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
        questions=Questions(page=page, limit=1 << bits, most=40),
        length=1 << bits,
        splits=() if stage2 else tuple(split for split in (12, 14, 16, 17, 20, 25, 31) if split >= 64 - bits),
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

# The same shapes with 52 bits, whose entries differ.
_wide_rows = [_row(f"{name}-52", page, sizes, stage2, 52) for stage2 in (False, True) for name, page, sizes in _SHAPES]
# QEMU 7.2 begins no second stage of 16K at level 0: 51 bits begin at level 1, with 16 tables put together.
_wide_rows[4] = replace(
    _wide_rows[4], length=1 << 51, association="split=13", questions=replace(_wide_rows[4].questions, limit=1 << 51)
)

FAR, FAR_SIZE = 0xA_5000_0000_0000, 64 * G
"""Addresses that need all 52 bits. There is no memory, so the walk is asked where they are, and nothing goes there."""


def _far_memory(path: str, size: int) -> MemoryFile:
    near = cpu_aarch64.memory_file(path, size).windows[0]
    return MemoryFile(path, [near, Window(FAR, FAR_SIZE, near.size)])


_far_rows = [
    replace(
        row,
        label="far",
        splits=(),
        memory=_far_memory,
        pools=(Pool("far", FAR, FAR_SIZE, row.pools[1].chunks), row.pools[2]),
        questions=replace(row.questions, accesses=(READ, WRITE)),
    )
    for row in _wide_rows
]


def _smmu(row: Format, label: str, root: str = "", **changes: Any) -> Format:
    """Stage 1 before the SMMU: with `root` through the product's own stream table and context descriptor.

    QEMU's takes addresses of 48 bits, so nothing of the upper half.
    """
    return replace(
        row,
        label=label,
        splits=(),
        walker=lambda memory, root: iommu_smmuv3.SMMUv3(memory, requester(root)),
        attributes=permissions.combinations("r rw"),
        permissions=permissions.read_write,
        questions=replace(DMA, page=row.questions.page, limit=row.questions.limit),
        device=f"{{type: iommu, format: %s{root}}}",
        **changes,
    )


_STREAM = ", root: smmuv3, requester: 0x10"
_STREAM_OF_TWO_LEVELS = ", root: smmuv3, requester: 0x2A00"
_smmu_rows = [
    *(_smmu(row, "smmuv3") for row in _rows[:3]),
    *(_smmu(row, "smmuv3_stream", _STREAM) for row in _rows[:3]),
    _smmu(_rows[0], "smmuv3_two_levels", _STREAM_OF_TWO_LEVELS),
]

ROWS = (*_rows, *_high_rows, *_wide_rows, *_far_rows, *_smmu_rows)
