"""The table of formats: which machine walks each, and what to try. A new format is a new row of its family."""

from . import aarch64, arm, dma_windows, older, pc, powerpc, riscv
from .row import Format

__all__ = ["FORMATS", "Format"]

FORMATS = (*arm.ROWS, *pc.ROWS, *aarch64.ROWS, *riscv.ROWS, *powerpc.ROWS, *dma_windows.ROWS, *older.ROWS)
