"""Tables of the 68040, with pages of 4K and 8K, walked by a CPU (`virt` machine of QEMU's m68k).

The CPU makes each access with MOVES, which takes the privilege from a register, and pushes what it knows of a fault on
the supervisor's stack. Code and stack lie in 16 MiB that two transparent translation registers take out of the supervisor's
instruction and data space; there are two such places, since what is asked about must not lie in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..memory_file import MemoryFile, Window
from ..model import Access, Answer, Query, Root
from ..probe import Outcome, Probe
from ..qemu import Machine

SCRATCH_SIZE = 0x200_0000
"""The first bytes of RAM are the walker's own: two places of 16 MiB."""

_PLACES = (0x00_0000, 0x100_0000)
_CODE, _VECTORS, _HANDLER, _STACK = 0x1000, 0x2000, 0x3000, 0x8000
_D0, _D1, _A0, _A7, _STATUS, _PC = 0, 1, 8, 15, 16, 17
_SUPERVISOR = 0x2700
_SFC, _DFC, _TC, _ITT0, _DTT0, _VBR, _URP, _SRP = 0, 1, 3, 4, 6, 0x801, 0x806, 0x807
_USER_DATA, _SUPERVISOR_DATA = 1, 5
_ACCESS_ERROR = 2
_TRANSPARENT = 0xA000  # enabled, for the supervisor only
_MOVES_LOAD, _MOVES_STORE, _FLUSH = 0x0E90_1000, 0x0E90_1800, 0xF518_4E71  # d1 and (a0); PFLUSHA and NOP


def _movec(control: int) -> int:
    """MOVEC D0 to a control register."""
    return 0x4E7B_0000 | control


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine, from address 0; the first `SCRATCH_SIZE` of it for the walker."""
    return MemoryFile(path, [Window(0, size, 0)])


class M68K:
    """The machine. Both root pointers get the table of the root (`urp`, `srp`); `tc` says how large pages are."""

    def __init__(self, memory: MemoryFile) -> None:
        self._memory = memory
        self._machine = Machine("qemu-system-m68k", memory, "virt", ["-cpu", "m68040"])
        self._probe = Probe(memory, lambda _: b"", order="big")
        self._place, self._function = _PLACES[0], 0
        self._is_disturbed = True
        for place in _PLACES:
            for vector in range(64):
                memory.write_word(place + _VECTORS + 4 * vector, place + _HANDLER + 4 * vector, 4, "big")

    def __enter__(self) -> M68K:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def _set(self, register: int, value: int) -> None:
        self._machine.gdb.write_register(register, value, 4, "big")

    def _step(self, instruction: int) -> int | None:
        """Executes one instruction as supervisor; the vector of its exception, if it takes one."""
        code = self._place + _CODE
        self._memory.write_word(code, instruction, 4, "big")
        if self._is_disturbed:
            self._set(_STATUS, _SUPERVISOR)
            self._set(_A7, self._place + _STACK)
        self._set(_PC, code)
        self._machine.gdb.step()
        after = self._machine.gdb.read_register(_PC, "big")
        self._is_disturbed = not code < after <= code + 4
        return after - self._place - _HANDLER >> 2 if self._is_disturbed else None

    def _control(self, register: int, value: int) -> None:
        self._set(_D0, value)
        if self._step(_movec(register)) is not None:
            raise RuntimeError(f"the CPU has no control register {register:#x}")

    def translate(self, root: Root, queries: Sequence[Query]) -> list[Answer]:
        """Makes every access under the table of `root`. Execution is nothing that its entries know."""
        answers: dict[Query, Answer] = {}
        for place in _PLACES:
            # What lies in the first place's own 16 MiB is asked from the second.
            part = [query for query in queries if (query.address >> 24 == _PLACES[0] >> 24) == (place == _PLACES[1])]
            self._enable(root, place)
            answers.update(self._probe.passes(part, self._locate, self._run))
            self._control(_TC, 0)
        return [answers[query] for query in queries]

    def _enable(self, root: Root, place: int) -> None:
        self._place, self._is_disturbed = place, True
        for register, value in (
            (_VBR, place + _VECTORS), (_ITT0, place | _TRANSPARENT), (_DTT0, place | _TRANSPARENT),
            (_URP, root.number("urp")), (_SRP, root.number("srp")), (_TC, root.number("tc")),
        ):  # fmt: skip
            self._control(register, value)
        self._step(_FLUSH)
        self._function = 0

    def _locate(self, queries: Sequence[Query]) -> list[int | None]:
        monitor = self._machine.monitor
        return [monitor.physical_address(query.address) for query in queries]

    def _run(self, queries: Sequence[Query], values: Sequence[int]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for query, value in zip(queries, values, strict=True):
            function = _USER_DATA if query.user else _SUPERVISOR_DATA
            if function != self._function:
                self._control(_SFC, function)
                self._control(_DFC, function)
                self._function = function
            self._set(_A0, query.address)
            self._set(_D1, value)
            vector = self._step(_MOVES_STORE if query.access is Access.WRITE else _MOVES_LOAD)
            if vector is None:
                outcomes.append((None, self._machine.gdb.read_register(_D1, "big")))
            elif vector == _ACCESS_ERROR:
                outcomes.append(("access error", 0))
            else:
                raise RuntimeError(f"{query}: exception {vector}")
        return outcomes
