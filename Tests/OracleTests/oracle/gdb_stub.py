"""A client of QEMU's gdb remote stub: registers, breakpoints, single steps."""

from __future__ import annotations

from .line_socket import BufferedSocket, Explain


class GDBStub:
    """Remote serial protocol, one CPU. Register numbers are those of gdb for the architecture."""

    def __init__(self, path: str, explain: Explain) -> None:
        self._socket = BufferedSocket(path, explain)
        # Stubs send more registers (control registers, for one) to a client that asks for the description.
        self.ask("qSupported:xmlRegisters=i386,arm;multiprocess-")
        self.ask("qXfer:features:read:target.xml:0,ffb")

    def close(self) -> None:
        self._socket.close()

    def ask(self, packet: str) -> str:
        """Sends one packet and waits for its answer."""
        self._send(packet)
        return self._receive()

    def _send(self, packet: str) -> None:
        data = packet.encode("latin-1")
        self._socket.send(b"$" + data + b"#%02x" % (sum(data) & 0xFF))

    def _receive(self) -> str:
        self._socket.take_until(b"$")
        data = self._socket.take_until(b"#")
        self._socket.take(2)
        self._socket.send(b"+")
        return data.decode("latin-1")

    def _command(self, packet: str) -> None:
        answer = self.ask(packet)
        if answer != "OK":
            raise RuntimeError(f"the gdb stub refused {packet!r}: {answer!r}")

    def read_register(self, number: int, order: str = "little") -> int:
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")), order)  # type: ignore[arg-type]

    def write_register(self, number: int, value: int, size: int, order: str = "little") -> None:
        self._command(f"P{number:x}={value.to_bytes(size, order).hex()}")  # type: ignore[arg-type]

    def read_registers(self) -> bytearray:
        """All registers in a row: for an architecture whose registers the stub does not take one by one."""
        return bytearray.fromhex(self.ask("g"))

    def write_registers(self, values: bytes) -> None:
        self._command(f"G{values.hex()}")

    def step(self) -> None:
        """Executes one instruction (or takes the exception that it raises)."""
        self._await_stop("s")

    def run_to(self, address: int) -> None:
        """Runs until the CPU is about to execute `address`."""
        self._command(f"Z0,{address:x},4")
        self._await_stop("c")
        self._command(f"z0,{address:x},4")

    def _await_stop(self, packet: str) -> None:
        answer = self.ask(packet)
        if not answer.startswith(("T05", "S05")):
            raise RuntimeError(f"the CPU stopped with {answer!r} instead of at its breakpoint")
