"""The table of formats: which machine walks each, and what to try. A new format is a new row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from . import pc, permissions
from .expect import READ, WRITE, Questions
from .memory_file import MemoryFile
from .model import Answer, Query, Root
from .product import Pool
from .scenario import Permissions
from .lance import SPAN
from .walkers import cpu_aarch64, cpu_arm, cpu_riscv, cpu_x86, iommu_amd, iommu_phb3, iommu_sabre, iommu_smmuv3
from .walkers import iommu_sun4m, iommu_typhoon, iommu_vtd

K, M, G = 1 << 10, 1 << 20, 1 << 30
Translate = Callable[[Root, Sequence[Query]], list[Answer]]


@dataclass(frozen=True)
class Format:
    """One row: a format of the product, and the walker that judges its tables."""

    name: str
    ram: int
    """Bytes of RAM of the machine."""
    memory: Callable[[str, int], MemoryFile]
    pools: Sequence[Pool]
    walker: Callable[[MemoryFile, Root], AbstractContextManager[Any]]
    """Starts the machine for a root. The object that `with` gives has `translate(root, queries)`."""
    sizes: Sequence[int]
    attributes: Sequence[str]
    permissions: Callable[[str], Permissions]
    questions: Questions
    start: int = 0
    length: int = 4 * G
    device: str = "{type: iommu, format: %s}"
    association: str = ""

    label: str = ""
    """Tells two rows of one format apart."""
    split: bool = False
    """Whether the format has a low and a high root (`base=` and `split=`)."""

    @property
    def test_name(self) -> str:
        return "_".join(filter(None, (self.name, self.label))).replace("-", "_")

    @property
    def data_pools(self) -> list[str]:
        return [pool.name for pool in self.pools if not pool.tables]


class _Adapted:
    """A CPU whose `translate` takes registers, as one that takes a root."""

    def __init__(self, walker: Any, registers: Callable[[Root], Any]) -> None:
        self._walker, self._registers = walker, registers

    def __enter__(self) -> _Adapted:
        return self

    def __exit__(self, *_: object) -> None:
        self._walker.__exit__()

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        return self._walker.translate(self._registers(root), queries)


Walker = Callable[[MemoryFile, Root], AbstractContextManager[Any]]


def _arm(registers: Callable[[Root], Any]) -> Walker:
    return lambda memory, _: _Adapted(cpu_arm.ARMv7(memory), registers)


def _aarch64(memory: MemoryFile, _: Root) -> AbstractContextManager[Any]:
    return _Adapted(cpu_aarch64.AArch64(memory), cpu_aarch64.registers_of)


def _x86(memory: MemoryFile, root: Root) -> AbstractContextManager[Any]:
    return cpu_x86.X86(memory, cpu_x86.mode_of(root))


_PROTECTIONS = permissions.combinations("r rw rx rwx", "user", "supervisor")
_DMA = Questions(accesses=(READ, WRITE), privileges=(True,), alignment=8, most=24)
_ARM_POOLS = (Pool("mt0", 0x4100_0000, 0x3F00_0000), Pool("tables", 0x9000_0000, 64 * M, tables=True))
_PC_POOLS = (
    Pool("low", 0x200_0000, 0x6E00_0000),
    Pool("high", 4 * G, 12 * G, "[1G, 2M, 1M, 64K, 4K]"),
    Pool("tables", 4 * G + 12 * G, 256 * M, tables=True),
)
_PC_RAM = 2 * G + 13 * G
_SHORT = (4 * K, 64 * K, M, 16 * M)

_arm_v7s = Format(
    name="arm-v7s",
    ram=2 * G,
    memory=cpu_arm.memory_file,
    pools=_ARM_POOLS,
    walker=_arm(cpu_arm.registers_of),
    sizes=_SHORT,
    attributes=[*_PROTECTIONS, "prot=none"],
    permissions=permissions.processor,
    questions=Questions(most=40),
    split=True,
)
_msm_smmu = replace(_arm_v7s, name="msm-smmu", walker=_arm(cpu_arm.registers_of_smmu))
_x86_64 = Format(
    name="x86-64",
    ram=_PC_RAM,
    memory=pc.memory_file,
    pools=_PC_POOLS,
    walker=_x86,
    sizes=(4 * K, 64 * K, 2 * M, G),
    attributes=_PROTECTIONS,
    permissions=permissions.processor,
    questions=Questions(alignment=8, limit=1 << 64, most=40),
    length=1 << 47,
)
_intel_vtd = Format(
    name="intel-vtd",
    ram=_PC_RAM,
    memory=pc.memory_file,
    pools=_PC_POOLS,
    walker=lambda memory, root: iommu_vtd.VTd(memory, pc.device_function(root)),
    sizes=(4 * K, 64 * K, 2 * M, G),
    attributes=permissions.combinations("r w rw"),
    permissions=permissions.read_write,
    questions=Questions(**vars(_DMA) | {"limit": 1 << 48}),
    # Not from 0: QEMU never translates 0xfeexxxxx, where interrupts are sent.
    start=4 * G,
    length=(1 << 48) - 4 * G,
)

_amd_v1 = replace(
    _intel_vtd,
    name="amd-v1",
    walker=lambda memory, root: iommu_amd.AMDVi(memory, pc.device_function(root)),
    sizes=(4 * K, 8 * K, 64 * K, 256 * K, M, 2 * M, 4 * M, 32 * M, G),
    attributes=permissions.combinations("none r w rw"),
    length=(1 << 39) - 4 * G,
)
_x86_la57 = replace(_x86_64, name="x86-64-la57", length=1 << 56)
_x86_64_high = replace(_x86_64, label="high", start=(1 << 64) - (1 << 47), length=1 << 46)
_x86_pae = replace(
    _x86_64,
    name="x86-pae",
    pools=(*_PC_POOLS[:2], Pool("tables", 0x7000_0000, 64 * M, tables=True)),
    sizes=(4 * K, 64 * K, 2 * M, 6 * M),
    questions=Questions(alignment=8, most=40),
    length=4 * G,
)
_x86_32 = replace(
    _x86_pae,
    name="x86-32",
    pools=(_PC_POOLS[0], _x86_pae.pools[2]),
    sizes=(4 * K, 64 * K, 4 * M, 8 * M),
    permissions=permissions.always_executable,
)


def _arm64_pools(page: int) -> tuple[Pool, ...]:
    chunks = f"[1G, 2M, 1M, 64K, {page // K}K]" if page < 64 * K else "[1G, 2M, 1M, 64K]"
    return (
        Pool("low", 0x4100_0000, 0x3F00_0000, chunks),
        Pool("high", 2 * G, 12 * G, chunks),
        Pool("tables", 14 * G, 256 * M, tables=True),
    )


def _arm64(granule: str, page: int, sizes: Sequence[int], stage2: bool) -> Format:
    return Format(
        name=f"arm64-s2-{granule}" if stage2 else f"arm64-{granule}",
        ram=14 * G,
        memory=cpu_aarch64.memory_file,
        pools=_arm64_pools(page),
        walker=_aarch64,
        sizes=sizes,
        # Execute-only pages are left out: nothing that the CPU tells says where they lead.
        attributes=permissions.combinations("none r w rw rx wx rwx") if stage2 else _PROTECTIONS,
        permissions=permissions.guest if stage2 else permissions.aarch64,
        questions=Questions(page=page, limit=1 << 48, most=40),
        length=1 << 48,
    )


_ARM64_SHAPES = (
    ("4k", 4 * K, (4 * K, 64 * K, 2 * M, 32 * M, G)),
    ("16k", 16 * K, (16 * K, 2 * M, 32 * M)),
    ("64k", 64 * K, (64 * K, 2 * M, 512 * M)),
)
_arm64_rows = [_arm64(*shape, stage2) for stage2 in (False, True) for shape in _ARM64_SHAPES]
_arm64_high_rows = [
    replace(
        row,
        label="high",
        # Associated with nothing said: only the upper half can hold it.
        start=(1 << 64) - (1 << 48),
        questions=replace(row.questions, limit=1 << 64),
    )
    for row in _arm64_rows[:3]
]
_arm64_smmu_rows = [
    replace(
        row,
        label="smmuv3",
        walker=lambda memory, _: iommu_smmuv3.SMMUv3(memory),
        attributes=permissions.combinations("r rw"),
        permissions=permissions.read_write,
        questions=replace(_DMA, page=row.questions.page, limit=1 << 48),
    )
    for row in _arm64_rows[:3]
]
_arm_lpae = replace(
    _arm64_rows[0],
    name="arm-lpae",
    memory=cpu_arm.memory_file,
    walker=_arm(cpu_arm.registers_of_lpae),
    sizes=(4 * K, 64 * K, 2 * M, 32 * M, G),
    permissions=permissions.processor,
    questions=Questions(most=40),
    length=4 * G,
)
_arm_lpae_high = replace(
    _arm_lpae, label="high", start=2 * G, length=2 * G, association="base=high split=1", sizes=_arm_lpae.sizes[:-1]
)


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


_riscv_rows = [
    _riscv(mode, bits, guest)
    for guest in (False, True)
    for mode, bits in (("sv32", 32), ("sv39", 39), ("sv48", 48), ("sv57", 57))
]



def _tce(granule: str, page: int, levels: int = 0, window: int = 0) -> Format:
    """One shape of a TCE table: pSeries' single level, or `levels` of powernv's over `window` bytes."""
    chunks = f"[{granule}]" if page >= 16 * M else f"[1M, {granule}]" if page == 64 * K else "[1M, 64K, 4K]"
    window = window or 2 * G
    name = "ppc-tce-ioda" if levels else "ppc-tce"
    shape = f"levels: {levels}, " if levels else ""
    shape += f"granule: {granule}, window: {{base: 0, size: {window:#x}}}"
    return Format(
        name=name,
        label="_".join(filter(None, (granule.lower(), f"levels{levels}" if levels else ""))),
        ram=32 * G,
        memory=iommu_phb3.memory_file,
        pools=(
            Pool("tables", 0x1000_0000, 0x1000_0000, tables=True),
            Pool("low", 0x2000_0000, 0x6000_0000, chunks),
            Pool("high", 8 * G, 24 * G, chunks),
        ),
        walker=lambda memory, _: iommu_phb3.PHB3(memory),
        sizes=(page, 16 * page) if page <= 64 * K else (page,),
        attributes=permissions.combinations("r w rw"),
        permissions=permissions.read_write,
        questions=Questions(**vars(_DMA) | {"page": page, "limit": window}),
        length=window,
        device=f"{{type: iommu, format: %s, {shape}}}",
    )


_tce_rows = [
    _tce("4K", 4 * K), _tce("64K", 64 * K), _tce("16M", 16 * M, window=1 << 36),
    _tce("4K", 4 * K, 1), _tce("64K", 64 * K, 1), _tce("64K", 64 * K, 2, 1 << 42), _tce("4K", 4 * K, 3, 1 << 39),
    _tce("16M", 16 * M, 2, 1 << 48), _tce("256M", 256 * M, 1, 1 << 40), _tce("4K", 4 * K, 4, 1 << 48),
    _tce("4K", 4 * K, 5, 1 << 57),
]  # fmt: skip


def _window(base: int, size: int, granule: str = "") -> dict[str, Any]:
    """What the rows of formats with an aperture have in common: the region is the window."""
    chosen = f"granule: {granule}, " if granule else ""
    return {
        "label": "_".join(filter(None, (granule.lower(), f"{size // M}m"))),
        "start": base,
        "length": size,
        "device": f"{{type: iommu, format: %s, {chosen}window: {{base: {base:#x}, size: {size:#x}}}}}",
    }


def _lance_questions(page: int, base: int, size: int) -> Questions:
    """Only inside the window: what lies outside, another part of the chip decides."""
    return replace(_DMA, page=page, alignment=SPAN, start=base, limit=base + size)


def _alpha(base: int, size: int) -> Format:
    return Format(
        name="alpha-sg",
        ram=16 * G,
        memory=iommu_typhoon.memory_file,
        pools=(
            Pool("tables", iommu_typhoon.FIRMWARE_SIZE, 64 * M, tables=True),
            Pool("low", 0x800_0000, 0x7800_0000, "[1M, 64K, 8K]"),
            Pool("high", 8 * G, 8 * G, "[1M, 64K, 8K]"),
        ),
        walker=lambda memory, _: iommu_typhoon.Typhoon(memory),
        sizes=(8 * K, 16 * K),
        attributes=permissions.combinations("rw rwx"),
        permissions=permissions.everything,
        questions=_lance_questions(8 * K, base, size),
        **_window(base, size),
    )


def _sun4u(base: int, size: int, granule: str = "8K") -> Format:
    page, memory = int(granule[:-1]) * K, iommu_sabre.MEMORY_BASE
    return Format(
        name="sun4u-iommu",
        ram=iommu_sabre.MEMORY_SIZE,
        memory=iommu_sabre.memory_file,
        pools=(
            Pool("tables", memory, 64 * M, tables=True),
            Pool("data", memory + 64 * M, iommu_sabre.MEMORY_SIZE - 64 * M, f"[1M, 64K{', 8K' if page == 8 * K else ''}]"),
        ),
        walker=lambda memory, _: iommu_sabre.Sabre(memory),
        sizes=(8 * K, 64 * K) if page == 8 * K else (64 * K,),
        attributes=permissions.combinations("r rw"),
        permissions=permissions.read_write,
        questions=_lance_questions(page, base, size),
        **_window(base, size, granule),
    )


def _sun4m(size: int) -> Format:
    base = 4 * G - size
    return Format(
        name="sun4m-iommu",
        ram=256 * M,
        memory=iommu_sun4m.memory_file,
        pools=(Pool("tables", 0, 16 * M, tables=True), Pool("data", 16 * M, 240 * M)),
        walker=lambda memory, _: iommu_sun4m.Sun4m(memory),
        sizes=(4 * K, 64 * K),
        attributes=permissions.combinations("r rw"),
        permissions=permissions.read_write,
        questions=_lance_questions(4 * K, base, size),
        **_window(base, size),
    )


_lance_rows = [
    _alpha(8 * M, 8 * M), _alpha(G, G), _alpha(0, 4 * G),
    *(_sun4m(16 * M << range_) for range_ in range(8)),
    _sun4u(0xC000_0000, 8 * M), _sun4u(0xC000_0000, 64 * M), _sun4u(0xC000_0000, G),
    _sun4u(0x8000_0000, 64 * M, "64K"), _sun4u(0x8000_0000, 2 * G, "64K"),
]  # fmt: skip

FORMATS = (
    _arm_v7s, _msm_smmu, _x86_64, _intel_vtd, _amd_v1, _x86_64_high, _x86_la57, _x86_pae, _x86_32,
    *_arm64_rows, *_arm64_high_rows, *_arm64_smmu_rows, _arm_lpae, _arm_lpae_high, *_riscv_rows, *_tce_rows,
    *_lance_rows,
)  # fmt: skip
