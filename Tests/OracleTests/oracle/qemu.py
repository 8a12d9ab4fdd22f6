"""Starts a QEMU machine over a memory file and talks to it; nothing of it survives the `with` block."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time

from .gdb_stub import GDBStub
from .memory_file import MemoryFile
from .model import Skip
from .monitor import Monitor
from .qtest import QTest
from .watchdog import Watchdog

_PR_SET_PDEATHSIG = 1
_START_SECONDS = 20.0
_LIFE_SECONDS = float(os.environ.get("ORACLE_SECONDS", "90"))
"""What a machine may take for all that it is asked: most take one or two. Then it is ended, and the test fails."""


def _end_with_parent() -> None:
    """Runs in the child: it is killed when the test that started it ends, however it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Machine:
    """A machine whose RAM is `memory`: with `paused` its CPUs stand at their reset vector until told to run.

    `gdb` and `qtest` are connected when first used. Where a board cannot have its RAM in a file, `is_ram=False` leaves
    the file (as the object `ram`) to a device that `arguments` name.
    """

    def __init__(
        self,
        program: str,
        memory: MemoryFile,
        machine: str,
        arguments: list[str],
        paused: bool = True,
        qtest: bool = False,
        is_ram: bool = True,
    ) -> None:
        if shutil.which(program) is None:
            raise Skip(f"no {program} here")
        self._directory = tempfile.TemporaryDirectory(prefix="oracle-qemu-")
        self._stub: GDBStub | None = None
        self._qtest: QTest | None = None
        backend = f"memory-backend-file,id=ram,share=on,mem-path={memory.path},size={memory.size}"
        command = [program, "-nodefaults", "-display", "none", "-no-user-config", "-accel", "tcg"]
        command += ["-object", backend, "-no-shutdown"]
        command += ["-machine", f"{machine},memory-backend=ram" if is_ram else machine]
        command += ["-m", f"{memory.size >> 20}M"] if is_ram else []
        command += ["-qmp", f"unix:{self._path('qmp')},server=on,wait=off"]
        command += ["-qmp", f"unix:{self._path('watch')},server=on,wait=off"]
        command += ["-gdb", f"unix:{self._path('gdb')},server=on,wait=off"]
        if qtest:
            command += ["-qtest", f"unix:{self._path('qtest')},server=on,wait=off", "-qtest-log", "/dev/null"]
        if paused:
            command.append("-S")
        self._log = open(self._path("log"), "w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            command + arguments,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            preexec_fn=_end_with_parent,
        )
        self._watchdog = Watchdog(self._process, self._path("watch"), self.log, _LIFE_SECONDS)
        try:
            # QEMU greets from its main loop: by then its other sockets are there too.
            self._monitor = self._connect_monitor()
        except BaseException:
            self.close()
            raise

    def _path(self, name: str) -> str:
        return os.path.join(self._directory.name, name)

    def _connect_monitor(self) -> Monitor:
        """Waits until QEMU listens; raises with what QEMU printed if it gives up."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                return Monitor(self._path("qmp"), self._watchdog.explain)
            except (FileNotFoundError, ConnectionError):
                pass
            if self._process.poll() is not None:
                raise RuntimeError(f"QEMU ended with status {self._process.returncode}: {self.log()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"QEMU did not start within {_START_SECONDS} s: {self.log()}")
            time.sleep(0.002)

    def log(self) -> str:
        """What QEMU printed so far."""
        self._log.flush()
        with open(self._path("log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    @property
    def gdb(self) -> GDBStub:
        if self._stub is None:
            self._stub = GDBStub(self._path("gdb"), self._watchdog.explain)
        return self._stub

    @property
    def monitor(self) -> Monitor:
        return self._monitor

    @property
    def qtest(self) -> QTest:
        if self._qtest is None:
            self._qtest = QTest(self._path("qtest"), self._watchdog.explain)
        return self._qtest

    def close(self) -> None:
        self._watchdog.stop()
        for client in (self._stub, getattr(self, "_monitor", None), self._qtest):
            if client is not None:
                client.close()
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._directory.cleanup()

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
