"""ARM short descriptors (arm-v7s, msm-smmu) and LPAE, on a Cortex-A15."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .. import permissions
from ..expect import READ, WRITE, Questions
from ..model import Root
from ..product import Pool
from ..walkers import cpu_arm
from .aarch64 import pools
from .row import PROTECTIONS, Adapted, Format, G, K, M, Walker, mirrored

_POOLS = (Pool("mt0", 0x4100_0000, 0x3F00_0000), Pool("tables", 0x9000_0000, 64 * M, tables=True))


def _arm(registers: Callable[[Root], Any]) -> Walker:
    return lambda memory, _: Adapted(cpu_arm.ARMv7(memory), registers)


_arm_v7s = Format(
    name="arm-v7s",
    ram=2 * G,
    memory=cpu_arm.memory_file,
    pools=_POOLS,
    walker=_arm(cpu_arm.registers_of),
    sizes=(4 * K, 64 * K, M, 16 * M),
    attributes=[*PROTECTIONS, "prot=none"],
    permissions=permissions.processor,
    questions=Questions(most=40),
    splits=range(1, 8),
)
_msm_smmu = replace(_arm_v7s, name="msm-smmu", walker=_arm(cpu_arm.registers_of_smmu))

# Only supersections hold more than 32 bits of address.
_beyond = {
    "label": "supersections",
    "ram": 14 * G,
    "pools": (Pool("high", 4 * G, 8 * G, "[16M]"), _POOLS[1]),
    "sizes": (16 * M, 32 * M),
    "questions": Questions(page=16 * M, most=40),
    "splits": (),
}
_arm_v7s_beyond, _msm_smmu_beyond = (replace(row, **_beyond) for row in (_arm_v7s, _msm_smmu))

# Entries without permissions, before a processor whose domains do not look at them: the walk alone is judged.
_mediatek = replace(
    _arm_v7s,
    name="mediatek-v7s",
    walker=_arm(cpu_arm.registers_of_mediatek),
    attributes=permissions.combinations("rw"),
    permissions=permissions.everything,
    questions=Questions((READ, WRITE), most=40),
    splits=(),
)

_arm_lpae = Format(
    name="arm-lpae",
    ram=14 * G,
    memory=cpu_arm.memory_file,
    pools=pools(4 * K),
    walker=_arm(cpu_arm.registers_of_lpae),
    sizes=(4 * K, 64 * K, 2 * M, 32 * M, G),
    attributes=PROTECTIONS,
    permissions=permissions.processor,
    questions=Questions(most=40),
    splits=range(1, 8),
    halves=mirrored(32),
)
_arm_lpae_high = replace(
    _arm_lpae, label="high", start=2 * G, length=2 * G, association="base=high split=1", splits=()
)

ROWS = (_arm_v7s, _arm_v7s_beyond, _msm_smmu, _msm_smmu_beyond, _mediatek, _arm_lpae, _arm_lpae_high)
