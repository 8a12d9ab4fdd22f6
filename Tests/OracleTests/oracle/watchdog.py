"""Ends a QEMU that takes too long, and says what it and the test were doing."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable

from .monitor import Monitor

_SAMPLES = 5
_REGISTER_LINES = 24


class Watchdog:
    """Kills `process` after `seconds`. Whoever waits for it then learns from `explain` why.

    `path` is a monitor socket of its own, since the test may be in the middle of a command on the other one.
    """

    def __init__(self, process: subprocess.Popen[bytes], path: str, log: Callable[[], str], seconds: float) -> None:
        self._process, self._path, self._log, self._seconds = process, path, log, seconds
        self._diagnosis: str | None = None
        self._test = threading.get_ident()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    def explain(self) -> str:
        """Why QEMU has closed a connection."""
        if self._diagnosis is not None:
            return self._diagnosis
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return f"QEMU closed the connection; status {self._process.returncode}; it printed: {self._log() or 'nothing'}"

    def _expire(self) -> None:
        parts = [f"QEMU was not done within {self._seconds:g} s, and was ended."]
        frame = sys._current_frames().get(self._test)  # noqa: SLF001 (nothing else tells where another thread is)
        if frame is not None:
            parts += ["The test was at:", "".join(traceback.format_stack(frame)[-6:]).rstrip()]
        state = threading.Thread(target=self._ask_state, args=(parts,), daemon=True)
        state.start()
        state.join(5)
        self._diagnosis = "\n".join([*parts, f"QEMU printed: {self._log() or 'nothing'}"])
        self._process.kill()

    def _ask_state(self, parts: list[str]) -> None:
        """Where the CPU is, several times over: one place again and again is a loop of faults, many are slow work."""
        try:
            monitor = Monitor(self._path, lambda: "QEMU's second monitor closed")
            status = monitor.execute("query-status")
            counters = []
            for _ in range(_SAMPLES):
                registers = monitor.human("info registers")
                counters += [word for line in registers.splitlines() for word in [_program_counter(line)] if word]
                time.sleep(0.02)
            parts += [f"Its status: {status}", f"Its program counters: {' '.join(counters)}"]
            parts += registers.splitlines()[:_REGISTER_LINES]
        except (OSError, RuntimeError) as error:
            parts.append(f"It told nothing of its state: {error}")


def _program_counter(line: str) -> str | None:
    """The word of a line of `info registers` that tells the program counter, by whatever name."""
    fields = line.replace("=", " = ").replace(":", " ").split()
    for name in ("PC", "pc", "RIP", "EIP", "NIP", "R15", "addr"):
        if name in fields:
            rest = [field for field in fields[fields.index(name) + 1 :] if field != "="]
            return rest[0] if rest else None
    return None
