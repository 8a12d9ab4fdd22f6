"""Guest-physical memory: one sparse shared file that vcmfs, QEMU and these tests map together."""

from __future__ import annotations

import ctypes
import mmap
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PAGE = 4096
_KEEP_SIZE_AND_PUNCH_HOLE = 3
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Window:
    """`size` bytes of physical memory at `base`, which lie at `offset` of the file."""

    base: int
    size: int
    offset: int


class MemoryFile:
    """The file at `path`, made long enough for its windows, addressed by physical address."""

    def __init__(self, path: str, windows: Sequence[Window]) -> None:
        self.path = path
        self.windows = tuple(windows)
        self.size = max(window.offset + window.size for window in windows)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(self._descriptor).st_size < self.size:
            os.ftruncate(self._descriptor, self.size)
        self._bytes = mmap.mmap(self._descriptor, self.size)

    def close(self) -> None:
        self._bytes.close()
        os.close(self._descriptor)

    def __enter__(self) -> MemoryFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def offset(self, physical: int, length: int = 1) -> int | None:
        """Where a physical range lies in the file; None if it is not wholly in one window."""
        for window in self.windows:
            if window.base <= physical and physical + length <= window.base + window.size:
                return window.offset + physical - window.base
        return None

    def contains(self, physical: int, length: int = 1) -> bool:
        return self.offset(physical, length) is not None

    def _place(self, physical: int, length: int) -> int:
        place = self.offset(physical, length)
        if place is None:
            raise IndexError(f"no memory at {physical:#x}..{physical + length:#x}")
        return place

    def read(self, physical: int, length: int) -> bytes:
        place = self._place(physical, length)
        return self._bytes[place : place + length]

    def write(self, physical: int, data: bytes) -> None:
        place = self._place(physical, len(data))
        self._bytes[place : place + len(data)] = data

    def read_word(self, physical: int, size: int = 8, order: str = "little") -> int:
        return int.from_bytes(self.read(physical, size), order)  # type: ignore[arg-type]

    def write_word(self, physical: int, value: int, size: int = 8, order: str = "little") -> None:
        self.write(physical, value.to_bytes(size, order))  # type: ignore[arg-type]

    def clear(self, physical: int, length: int) -> None:
        """Gives whole pages back to the system; they read as zero, and are holes until touched again."""
        place = self._place(physical, length)
        status = _libc.fallocate(
            self._descriptor, _KEEP_SIZE_AND_PUNCH_HOLE, ctypes.c_long(place), ctypes.c_long(length)
        )
        if status != 0:
            raise OSError(ctypes.get_errno(), f"punching a hole at {physical:#x}")

    def touch(self, physical: int, length: int) -> None:
        """Makes sure that no page of the range is a hole."""
        place = self._place(physical, length)
        for page in range(place & -PAGE, place + length, PAGE):
            self._bytes[page]

    def touched(self) -> set[int]:
        """The file offsets of all pages that hold memory: what anybody has read or written so far."""
        return {page for start, end in self._data() for page in range(start, end, PAGE)}

    def physical(self, offset: int) -> int:
        """The physical address of a file offset."""
        for window in self.windows:
            if window.offset <= offset < window.offset + window.size:
                return window.base + offset - window.offset
        raise IndexError(f"file offset {offset:#x} is no physical memory")

    def _data(self) -> Iterator[tuple[int, int]]:
        end = 0
        while True:
            try:
                start = os.lseek(self._descriptor, end, os.SEEK_DATA)
            except OSError:
                return
            if start >= self.size:
                return
            end = os.lseek(self._descriptor, start, os.SEEK_HOLE)
            yield start, end
