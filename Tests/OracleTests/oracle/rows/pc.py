"""x86 processors, and the IOMMUs of Intel and AMD."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from .. import pc, permissions
from ..expect import Questions
from ..memory_file import MemoryFile
from ..model import Root
from ..product import Pool
from ..walkers import cpu_x86, iommu_amd, iommu_vtd
from .row import DMA, PROTECTIONS, Adapted, Format, G, K, M

_POOLS = (
    Pool("low", 0x200_0000, 0x6E00_0000),
    Pool("high", 4 * G, 12 * G, "[1G, 2M, 1M, 64K, 4K]"),
    Pool("tables", 4 * G + 12 * G, 256 * M, tables=True),
)
_RAM = 2 * G + 13 * G


def _x86(memory: MemoryFile, root: Root) -> AbstractContextManager[Any]:
    return cpu_x86.X86(memory, cpu_x86.mode_of(root))


_x86_64 = Format(
    name="x86-64",
    ram=_RAM,
    memory=pc.memory_file,
    pools=_POOLS,
    walker=_x86,
    sizes=(4 * K, 64 * K, 2 * M, G),
    attributes=PROTECTIONS,
    permissions=permissions.processor,
    questions=Questions(alignment=8, limit=1 << 64, most=40),
    length=1 << 47,
)
_intel_vtd = Format(
    name="intel-vtd",
    ram=_RAM,
    memory=pc.memory_file,
    pools=_POOLS,
    walker=lambda memory, root: iommu_vtd.VTd(memory, pc.device_function(root)),
    sizes=(4 * K, 64 * K, 2 * M, G),
    attributes=permissions.combinations("r w rw"),
    permissions=permissions.read_write,
    questions=Questions(**vars(DMA) | {"limit": 1 << 48}),
    # Not from 0: QEMU never translates 0xfeexxxxx, where interrupts are sent.
    start=4 * G,
    length=(1 << 48) - 4 * G,
)
_intel_vtd_levels3 = replace(
    _intel_vtd, label="levels3", length=(1 << 39) - 4 * G, device="{type: iommu, format: %s, levels: 3}"
)
_intel_vtd_scalable = replace(
    _intel_vtd,
    label="scalable",
    walker=lambda memory, root: iommu_vtd.VTd(memory, pc.device_function(root), scalable=True),
    device="{type: iommu, format: %s, root: scalable}",
)
_amd_v1 = replace(
    _intel_vtd,
    name="amd-v1",
    walker=lambda memory, root: iommu_amd.AMDVi(memory, pc.device_function(root)),
    sizes=(4 * K, 8 * K, 64 * K, 256 * K, M, 2 * M, 4 * M, 32 * M, G),
    attributes=permissions.combinations("none r w rw"),
    length=(1 << 39) - 4 * G,
)
_amd_v1_levels = [
    replace(
        _amd_v1,
        label=f"levels{levels}",
        length=(1 << bits) - 4 * G,
        questions=replace(_amd_v1.questions, limit=1 << bits),
        device=f"{{type: iommu, format: %s, levels: {levels}}}",
    )
    for levels, bits in ((4, 48), (5, 57), (6, 63))
] + [
    replace(
        _amd_v1,
        label=f"levels{levels}",
        sizes=sizes,
        start=0,
        length=1 << bits,
        questions=replace(_amd_v1.questions, limit=1 << bits),
        device=f"{{type: iommu, format: %s, levels: {levels}}}",
    )
    for levels, bits, sizes in ((1, 21, (4 * K, 8 * K)), (2, 30, _amd_v1.sizes[:-2]))
]
_x86_la57 = replace(_x86_64, name="x86-64-la57", length=1 << 56)
_x86_64_high = replace(_x86_64, label="high", start=(1 << 64) - (1 << 47), length=1 << 46)
_x86_pae = replace(
    _x86_64,
    name="x86-pae",
    pools=(*_POOLS[:2], Pool("tables", 0x7000_0000, 64 * M, tables=True)),
    sizes=(4 * K, 64 * K, 2 * M, 6 * M),
    questions=Questions(alignment=8, most=40),
    length=4 * G,
)
_x86_32 = replace(
    _x86_pae,
    name="x86-32",
    pools=(_POOLS[0], _x86_pae.pools[2]),
    sizes=(4 * K, 64 * K, 4 * M, 8 * M),
    permissions=permissions.always_executable,
)

_x86_32_pse36 = replace(
    _x86_32,
    label="pse36",
    # Blocks of 4M hold addresses of 40 bits, pages of 4K do not.
    pools=(Pool("high", 4 * G, 12 * G, "[4M]"), _x86_pae.pools[2]),
    sizes=(4 * M, 8 * M),
    questions=replace(_x86_pae.questions, page=4 * M),
)
_x86_la57_high = replace(_x86_la57, label="high", start=(1 << 64) - (1 << 56), length=1 << 56)


def _x86_device(memory: MemoryFile, root: Root) -> AbstractContextManager[Any]:
    """Tables that an IOMMU walks as a processor would: the processor gets them as its own."""
    return Adapted(cpu_x86.X86(memory, cpu_x86.mode_of(_processor_root(root))), _processor_root)


def _processor_root(root: Root) -> Root:
    levels = root.number("levels")
    return Root({"table": root.number("table"), "cr4": 1 << 5 | (levels == 5) << 12, "efer": 1 << 8 | 1 << 11})


_amd_v2 = replace(
    _x86_64,
    name="amd-v2",
    walker=_x86_device,
    attributes=permissions.combinations("r rw"),
    permissions=permissions.always_executable,
)
_intel_vtd_fs = replace(
    _x86_64,
    name="intel-vtd-fs",
    walker=_x86_device,
    attributes=permissions.combinations("r rw rx rwx"),
    permissions=permissions.guest,
)

ROWS = (
    _x86_64, _x86_64_high, _x86_la57, _x86_la57_high, _x86_pae, _x86_32, _x86_32_pse36, _amd_v2, _intel_vtd_fs,
    _intel_vtd, _intel_vtd_levels3, _intel_vtd_scalable, _amd_v1, *_amd_v1_levels,
)  # fmt: skip
