"""The windows of Alpha, sun4u and sun4m, on their host bridges, by DMA of a network chip."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import permissions
from ..expect import Questions
from ..lance import SPAN
from ..product import Pool
from ..walkers import iommu_sabre, iommu_sun4m, iommu_typhoon
from .row import DMA, Format, G, K, M


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
    return replace(DMA, page=page, alignment=SPAN, start=base, limit=base + size)


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
    chunks = f"[1M, 64K{', 8K' if page == 8 * K else ''}]"
    return Format(
        name="sun4u-iommu",
        ram=iommu_sabre.MEMORY_SIZE,
        memory=iommu_sabre.memory_file,
        pools=(
            Pool("tables", memory, 64 * M, tables=True),
            Pool("data", memory + 64 * M, iommu_sabre.MEMORY_SIZE - 64 * M, chunks),
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


ROWS = [
    _alpha(8 * M, 8 * M), _alpha(G, G), _alpha(0, 4 * G),
    *(_sun4m(16 * M << range_) for range_ in range(8)),
    _sun4u(0xC000_0000, 8 * M), _sun4u(0xC000_0000, 64 * M), _sun4u(0xC000_0000, G),
    _sun4u(0x8000_0000, 64 * M, "64K"), _sun4u(0x8000_0000, 2 * G, "64K"),
]  # fmt: skip
