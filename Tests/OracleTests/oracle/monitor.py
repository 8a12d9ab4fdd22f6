"""A client of QEMU's machine protocol (QMP)."""

from __future__ import annotations

import json
import re

from .line_socket import BufferedSocket, Explain


class Monitor:
    """Commands, and the human monitor's gva2gpa."""

    def __init__(self, path: str, explain: Explain) -> None:
        self._socket = BufferedSocket(path, explain)
        self._socket.take_line()
        self.execute("qmp_capabilities")

    def close(self) -> None:
        self._socket.close()

    def execute(self, command: str, **arguments: object) -> object:
        """One command's return value; events that arrive meanwhile are dropped."""
        request = {"execute": command, "arguments": arguments}
        self._socket.send(json.dumps(request).encode() + b"\n")
        while True:
            answer = json.loads(self._socket.take_line())
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def human(self, line: str) -> str:
        """One command of the human monitor: its printed answer."""
        return str(self.execute("human-monitor-command", **{"command-line": line}))

    def physical_address(self, virtual: int) -> int | None:
        """Where the CPU's table puts `virtual`, whatever the permissions; None if unmapped."""
        found = re.search(r"gpa: (0x[0-9a-f]+|0)", self.human(f"gva2gpa {virtual:#x}"))
        return int(found[1], 0) if found else None
