"""The table of formats: which machine walks each, and what to try. A new format is a new row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from . import pc, permissions
from .expect import READ, WRITE, Questions
from .memory_file import MemoryFile
from .model import Answer, Query, Root
from .product import Pool
from .scenario import Permissions
from .walkers import cpu_arm, cpu_x86, iommu_amd, iommu_vtd

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

    split: bool = False
    """Whether the format has a low and a high root (`base=` and `split=`)."""

    @property
    def data_pools(self) -> str:
        return ",".join(pool.name for pool in self.pools if not pool.tables)


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


def _arm(registers: Callable[[Root], Any]) -> Callable[[MemoryFile, Root], AbstractContextManager[Any]]:
    return lambda memory, _: _Adapted(cpu_arm.ARMv7(memory), registers)


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
_msm_smmu = Format(**vars(_arm_v7s) | {"name": "msm-smmu", "walker": _arm(cpu_arm.registers_of_smmu)})
_x86_64 = Format(
    name="x86-64",
    ram=_PC_RAM,
    memory=pc.memory_file,
    pools=_PC_POOLS,
    walker=lambda memory, root: cpu_x86.X86(memory, cpu_x86.mode_of(root)),
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

_amd_v1 = Format(
    **vars(_intel_vtd)
    | {
        "name": "amd-v1",
        "walker": lambda memory, root: iommu_amd.AMDVi(memory, pc.device_function(root)),
        "sizes": (4 * K, 8 * K, 64 * K, 256 * K, M, 2 * M, 4 * M, 32 * M, G),
        "attributes": permissions.combinations("none r w rw"),
        "length": (1 << 39) - 4 * G,
    }
)

FORMATS = {row.name: row for row in (_arm_v7s, _msm_smmu, _x86_64, _intel_vtd, _amd_v1)}
