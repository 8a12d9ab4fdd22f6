"""A Unix stream socket with a receive buffer: what the QMP and qtest clients stand on."""

from __future__ import annotations

import socket

TIMEOUT = 30.0


class BufferedSocket:
    """Connects to `path`; every wait ends after `TIMEOUT` seconds with an error."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(TIMEOUT)
        self._socket.connect(path)
        self._buffer = b""

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def fill(self) -> None:
        """Waits for more bytes."""
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("QEMU closed the connection")
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
