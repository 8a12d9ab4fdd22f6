"""A client of QEMU's qtest protocol: reads and writes physical memory, MMIO and I/O ports of a running machine."""

from __future__ import annotations

from collections.abc import Iterable

from .line_socket import BufferedSocket, Explain

_SUFFIX = {1: "b", 2: "w", 4: "l", 8: "q"}


class QTest:
    """Values have the guest's byte order, as if its CPU had made the access."""

    def __init__(self, path: str, explain: Explain) -> None:
        self._socket = BufferedSocket(path, explain)

    def close(self) -> None:
        self._socket.close()

    def _ask(self, *lines: str) -> str:
        """Sends all lines at once, and waits for all their answers; the last one's value."""
        self._socket.send("".join(line + "\n" for line in lines).encode())
        return [self._answer(line) for line in lines][-1]

    def _answer(self, line: str) -> str:
        while True:
            answer = self._socket.take_line()
            if answer.startswith("OK"):
                return answer[3:]
            if not answer.startswith("IRQ"):
                raise RuntimeError(f"qtest: {line}: {answer}")

    def read(self, address: int, size: int = 4) -> int:
        return int(self._ask(f"read{_SUFFIX[size]} {address:#x}"), 0)

    def write(self, address: int, value: int, size: int = 4) -> None:
        self._ask(f"write{_SUFFIX[size]} {address:#x} {value:#x}")

    def write_all(self, writes: Iterable[tuple[int, int]], size: int) -> None:
        """Several writes in a row, in one exchange."""
        self._ask(*(f"write{_SUFFIX[size]} {address:#x} {value:#x}" for address, value in writes))

    def input(self, port: int, size: int = 4) -> int:
        return int(self._ask(f"in{_SUFFIX[size]} {port:#x}"), 0)

    def output(self, port: int, value: int, size: int = 4) -> None:
        self._ask(f"out{_SUFFIX[size]} {port:#x} {value:#x}")
