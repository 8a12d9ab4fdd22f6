"""A Unix stream socket with a receive buffer: what the QMP and qtest clients stand on."""

from __future__ import annotations

import socket
from collections.abc import Callable

Explain = Callable[[], str]
"""Why QEMU may have gone: what the end of a connection says."""


class BufferedSocket:
    """Connects to `path`. The other side's end ends every wait, with what `explain` says."""

    def __init__(self, path: str, explain: Explain) -> None:
        self._explain = explain
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)
        self._buffer = b""

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ConnectionError(self._explain()) from error

    def fill(self) -> None:
        """Waits for more bytes."""
        try:
            data = self._socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            raise ConnectionError(self._explain())
        self._buffer += data

    def take_line(self) -> str:
        """The next line, without its end."""
        while b"\n" not in self._buffer:
            self.fill()
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line.decode()

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._buffer) < count:
            self.fill()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def take_until(self, end: bytes) -> bytes:
        """All bytes up to `end`, which is taken too but not returned."""
        while end not in self._buffer:
            self.fill()
        data, self._buffer = self._buffer.split(end, 1)
        return data

    def close(self) -> None:
        self._socket.close()
