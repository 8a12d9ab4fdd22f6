"""The product: a mounted vcmfs over a memory file, driven through its files as a shell would."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .memory_file import MemoryFile
from .model import Root, Skip, parse_number

_PR_SET_PDEATHSIG = 1
_MOUNT_SECONDS = 20.0


@dataclass(frozen=True)
class Pool:
    """A memory type of the platform. Where its bytes lie in the file follows from its base."""

    name: str
    base: int
    size: int
    chunks: str = "[1M, 64K, 4K]"
    tables: bool = False


def platform_text(memory: MemoryFile, pools: Sequence[Pool], device: str) -> str:
    """A platform file with one device named `dut`, described by the YAML mapping `device`."""
    lines = ["name: oracle", "memory:"]
    for pool in pools:
        offset = memory.offset(pool.base, pool.size)
        if offset is None:
            raise ValueError(f"the machine has no memory at {pool.base:#x}")
        kind = "tables: true" if pool.tables else f"chunks: {pool.chunks}"
        lines.append(
            f"  {pool.name}: {{base: {pool.base:#x}, size: {pool.size:#x}, file_offset: {offset:#x}, {kind}}}"
        )
    return "\n".join([*lines, "devices:", f"  dut: {device}"]) + "\n"


class Mount:
    """vcmfs over `memory`, mounted below `directory`. The command is what VCMFS names."""

    def __init__(self, directory: str, memory: MemoryFile, platform: str) -> None:
        command = os.environ.get("VCMFS", "")
        if not command:
            raise Skip("VCMFS names no command to test")
        if not os.path.exists("/dev/fuse"):
            raise Skip("no /dev/fuse here")
        self._point = os.path.join(directory, "mount")
        os.mkdir(self._point)
        file = os.path.join(directory, "platform.yaml")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(platform)
        self._log = open(os.path.join(directory, "vcmfs.log"), "w+b")
        self._daemon = subprocess.Popen(
            [command, "-f", "--platform", file, "--memory", memory.path, self._point],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            preexec_fn=lambda: ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM),
        )
        self._await_mount()

    def _await_mount(self) -> None:
        deadline = time.monotonic() + _MOUNT_SECONDS
        while not os.path.exists(os.path.join(self._point, "version")):
            if self._daemon.poll() is not None or time.monotonic() > deadline:
                self.close()
                with open(self._log.name, errors="replace") as log:
                    raise RuntimeError(f"vcmfs did not mount: {log.read()}")
            time.sleep(0.005)

    def close(self) -> None:
        """Ends the daemon as a user would; it unmounts by itself."""
        self._daemon.terminate()
        try:
            self._daemon.wait(10)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
            self._daemon.wait()
            subprocess.run(["fusermount3", "-u", "-z", self._point], check=False)
        self._log.close()

    def __enter__(self) -> Mount:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def path(self, *names: str) -> str:
        return os.path.join(self._point, *names)

    def read(self, *names: str) -> str:
        with open(self.path(*names), encoding="utf-8") as file:
            return file.read()

    def write(self, text: str, *names: str) -> None:
        """One write(2), as `echo TEXT > FILE`; an error carries the sentence of last_error."""
        descriptor = os.open(self.path(*names), os.O_WRONLY)
        try:
            os.write(descriptor, text.encode() + b"\n")
        except OSError as error:
            error.filename = f"{'/'.join(names)} ({text!r}: {self.read('last_error').strip()})"
            raise
        finally:
            os.close(descriptor)

    def number(self, *names: str) -> int:
        return parse_number(self.read(*names).strip())

    def link(self, target: str, *names: str) -> None:
        os.symlink(self.path(target), self.path(*names))


class Space:
    """One region and its association with the device of the platform."""

    def __init__(self, mount: Mount, start: int, length: int, name: str = "out") -> None:
        self.mount, self.start, self.length = mount, start, length
        self._place = ("vcms", name)
        os.mkdir(mount.path(*self._place))
        mount.write(hex(start), *self._place, "start")
        mount.write(hex(length), *self._place, "len")

    def associate(self, attributes: str = "") -> None:
        self.mount.link("devices/dut", *self._place, "devices", "dut")
        if attributes:
            self.mount.write(attributes, *self._place, "associations", "dut", "attr")

    def activate(self, active: bool = True) -> None:
        self.mount.write(str(int(active)), *self._place, "associations", "dut", "active")

    def root(self) -> Root:
        return Root.parse(self.mount.read(*self._place, "associations", "dut", "root"))

    def reserve(self, request: str) -> None:
        self.mount.write(request, *self._place, "reserve")

    def unreserve(self, name: str) -> None:
        os.rmdir(self.mount.path(*self._place, "reservations", name))

    def allocate(self, request: str) -> None:
        self.mount.write(request, "phys", "alloc")

    def free(self, name: str) -> None:
        os.rmdir(self.mount.path("phys", name))

    def back(self, reservation: str, buffer: str) -> None:
        self.mount.link(f"phys/{buffer}", *self._place, "reservations", reservation, "backing")

    def unback(self, reservation: str) -> None:
        os.unlink(self.mount.path(*self._place, "reservations", reservation, "backing"))

    def set_attributes(self, reservation: str, words: str) -> None:
        self.mount.write(words, *self._place, "reservations", reservation, "attr")

    def reservations(self) -> list[str]:
        return os.listdir(self.mount.path(*self._place, "reservations"))

    def address(self, name: str) -> int:
        return self.mount.number(*self._place, "reservations", name, "addr")

    def contents(self, name: str) -> tuple[int, str, list[tuple[int, int]]]:
        """Address and attributes of a reservation, and the (physical address, length) chunks behind it."""
        place = (*self._place, "reservations", name)
        backing = self.mount.path(*place, "backing")
        chunks = []
        if os.path.lexists(backing):
            buffer = os.path.basename(os.readlink(backing))
            for line in self.mount.read("phys", buffer, "chunks").splitlines():
                physical, length = line.split()
                chunks.append((int(physical, 0), int(length)))
        return self.mount.number(*place, "addr"), self.mount.read(*place, "attr").strip(), chunks
