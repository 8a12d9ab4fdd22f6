"""TCE tables of pSeries and powernv, on a PHB3."""

from __future__ import annotations

from .. import permissions
from ..expect import Questions
from ..product import Pool
from ..walkers import iommu_phb3
from .row import DMA, Format, G, K, M


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
        questions=Questions(**vars(DMA) | {"page": page, "limit": window}),
        length=window,
        device=f"{{type: iommu, format: %s, {shape}}}",
    )


ROWS = [
    _tce("4K", 4 * K), _tce("64K", 64 * K), _tce("16M", 16 * M, window=1 << 36),
    _tce("4K", 4 * K, 1), _tce("64K", 64 * K, 1), _tce("64K", 64 * K, 2, 1 << 42), _tce("4K", 4 * K, 3, 1 << 39),
    _tce("16M", 16 * M, 2, 1 << 48), _tce("256M", 256 * M, 1, 1 << 40), _tce("4K", 4 * K, 4, 1 << 48),
    _tce("4K", 4 * K, 5, 1 << 57),
]  # fmt: skip
