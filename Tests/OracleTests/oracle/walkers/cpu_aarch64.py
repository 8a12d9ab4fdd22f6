"""AArch64 tables, stage 1 and stage 2, 4K 16K 64K, 48 and 52 bits, walked by a CPU of the `virt` machine.

Reads and writes are asked with AT from EL2, whose own MMU is off: nothing but the tables under test takes part, and
PAR_EL1 tells the address or the fault. For execution the CPU goes to the address, and the WFI that lies in the page
must trap to EL2. The half of the stage-1 address space that is not asked about holds the vectors of EL1.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..assembler import assemble
from ..memory_file import MemoryFile, Window
from ..model import Access, Answer, Query, Root
from ..qemu import Machine

RAM_BASE = 0x4000_0000
SCRATCH = RAM_BASE + 0x40_0000
"""A MiB of the walker's own. Below it the machine puts its device tree: tests use RAM from 16 MiB up."""

_PC, _CPSR = 32, 33
_WFI = 0xD503_207F
_TRAPPED_WFI, _HVC = 0x01, 0x16
_HCR = 1 << 31 | 1 << 13  # RW: EL1 is AArch64; TWI: WFI traps
_SCTLR = 1 << 18 | 1 << 16  # WFI and WFE do not trap to EL1
_HEADER = struct.Struct("<10Q")
_RECORDS = 128
_OPERATION = {(Access.READ, False): 0, (Access.WRITE, False): 1, (Access.READ, True): 2, (Access.WRITE, True): 3}
_BATCH = 16384
_FAULTS = {0: "address size", 1: "translation", 2: "access flag", 3: "permission", 4: "external", 5: "external"}


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine: `size` bytes at 0x40000000."""
    return MemoryFile(path, [Window(RAM_BASE, size, 0)])


@dataclass(frozen=True)
class Registers:
    """What a driver programs for the EL1&0 regime: stage 1 if `vttbr` is None, else stage 2 alone."""

    tcr: int = 0
    ttbr0: int | None = None
    ttbr1: int | None = None
    mair: int = 0
    vtcr: int = 0
    vttbr: int | None = None

    @property
    def has_both(self) -> bool:
        """Whether both halves are in use, so that there is no place for the vectors of EL1."""
        return self.ttbr0 is not None and self.ttbr1 is not None


def registers_of(root: Root) -> Registers:
    """The registers that the root of an arm64 table names."""

    def optional(key: str) -> int | None:
        return root.number(key) if key in root else None

    return Registers(
        root.number("tcr_el1", 0), optional("ttbr0_el1"), optional("ttbr1_el1"), root.number("mair_el1", 0),
        root.number("vtcr_el2", 0), optional("vttbr_el2"),
    )  # fmt: skip


class AArch64:
    """The machine. One `translate` call programs the registers, then answers all its queries."""

    def __init__(self, memory: MemoryFile, cpu: str = "max") -> None:
        self._memory = memory
        self._guest = assemble("aarch64.s", "--target=aarch64-none-elf")
        self._program, self._tables, self._parameters = SCRATCH, SCRATCH + 0x4000, SCRATCH + 0x8000
        machine = "virt,virtualization=on,gic-version=3"
        self._machine = Machine("qemu-system-aarch64", memory, machine, ["-cpu", cpu, "-smp", "1"])
        self._reset = self._machine.gdb.read_register(_CPSR)

    def __enter__(self) -> AArch64:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def translate(self, registers: Registers, queries: Sequence[Query]) -> list[Answer]:
        """Asks the MMU. Executions are tried after all reads and writes; they leave their pages as they were."""
        stage2 = registers.vttbr is not None
        plain = [query for query in queries if query.access is not Access.EXECUTE]
        executions = [query for query in queries if query.access is Access.EXECUTE]
        # A read tells where an execution should land, or a write where reading is forbidden.
        targets = [Query(query.address, access, False) for query in executions for access in (Access.READ, Access.WRITE)]
        asked = [(q.address, _OPERATION[q.access, q.user] + 4 * stage2) for q in plain + targets]
        results = self._run(registers, asked)
        found = [_decode_par(result[2], address) for result, (address, _) in zip(results, asked, strict=True)]
        answers = dict(zip(plain, found))
        pairs = zip(found[len(plain) :: 2], found[len(plain) + 1 :: 2], strict=True)
        landing = [write if read.physical is None else read for read, write in pairs]
        for part, high in ((registers, None),) if not registers.has_both else (
            (replace(registers, ttbr1=None), False), (replace(registers, ttbr0=None), True),
        ):  # fmt: skip
            chosen = [number for number, query in enumerate(executions) if high in (None, query.address >> 63 == 1)]
            answers.update(self._execute(part, [executions[n] for n in chosen], [landing[n] for n in chosen]))
        return [answers[query] for query in queries]

    def _execute(self, registers: Registers, queries: list[Query], targets: list[Answer]) -> dict[Query, Answer]:
        memory, saved = self._memory, {}
        for target in targets:
            place = target.physical
            if place is not None and place not in saved and memory.contains(place, 4):
                saved[place] = memory.read(place, 4)
        for place in saved:
            memory.write_word(place, _WFI, 4)
        traps = self._run(registers, [(query.address, 8 + query.user) for query in queries])
        for place, content in saved.items():
            memory.write(place, content)
        answers = {}
        for query, target, trap in zip(queries, targets, traps, strict=True):
            answers[query] = _decode_trap(query, target, *trap)
        return answers

    def _run(self, registers: Registers, asked: list[tuple[int, int]]) -> list[tuple[int, ...]]:
        results: list[tuple[int, ...]] = []
        for start in range(0, len(asked), _BATCH):
            results += self._run_batch(registers, asked[start : start + _BATCH])
        return results

    def _run_batch(self, registers: Registers, asked: list[tuple[int, int]]) -> list[tuple[int, ...]]:
        memory = self._memory
        memory.write(self._program, self._guest.code)
        header = _HEADER.pack(*self._values(registers), len(asked))
        records = b"".join(struct.pack("<4Q", address, operation, 0, 0) for address, operation in asked)
        memory.write(self._parameters, header.ljust(_RECORDS, b"\0") + records)
        gdb = self._machine.gdb
        gdb.write_register(0, self._parameters, 8)
        gdb.write_register(_PC, self._program, 8)
        gdb.run_to(self._program + self._guest.labels["finish"])
        raw = memory.read(self._parameters + _RECORDS, 32 * len(asked))
        return list(struct.iter_unpack("<4Q", raw))

    def _values(self, registers: Registers) -> tuple[int, ...]:
        below = self._program + self._guest.labels["below"]
        if registers.vttbr is not None:
            return (_SCTLR, 0, 0, 0, 0, below, _HCR | 1, registers.vtcr, registers.vttbr)
        ours = registers if registers.has_both else self._vectors(registers, below)
        return (
            _SCTLR | 1, ours.tcr, ours.ttbr0 or 0, ours.ttbr1 or 0, ours.mair, below & 0xFFF | self._vector_page(registers),
            _HCR, 0, 0,
        )  # fmt: skip

    @staticmethod
    def _vector_page(registers: Registers) -> int:
        """Where the vectors of EL1 lie: at the start of the half that is not asked about (39 bits)."""
        return 0xFFFF_FF80_0000_0000 if registers.ttbr0 is not None else 0

    def _vectors(self, registers: Registers, below: int) -> Registers:
        """The other half: one page in three levels of 4K tables, executable at EL1."""
        memory, tables = self._memory, self._tables
        memory.write_word(tables, tables + 0x1000 | 3)
        memory.write_word(tables + 0x1000, tables + 0x2000 | 3)
        shared = 0 if registers.tcr >> 59 & 1 else 0x300  # with DS these bits belong to the address
        memory.write_word(tables + 0x2000, below & -4096 | 1 << 54 | 0x483 | shared)  # read-only, UXN, accessed
        tcr = registers.tcr
        if registers.ttbr0 is not None:  # T1SZ 25, TG1 4K, EPD1 off
            tcr = tcr & ~(0xFFFF << 16) | 25 << 16 | 2 << 30
            return replace(registers, tcr=tcr, ttbr1=tables)
        return replace(registers, tcr=tcr & ~0xFFFF | 25, ttbr0=tables)


def _decode_par(par: int, address: int) -> Answer:
    """PAR_EL1: bit 0 set for a fault, whose status is in bits 6:1."""
    if par & 1:
        status = par >> 1 & 0x3F
        return Answer(fault=_FAULTS.get(status >> 2, f"status {status:#x}"))
    return Answer(physical=par & 0xF_FFFF_FFFF_F000 | address & 0xFFF)


def _decode_trap(query: Query, target: Answer, far: int, far_below: int, trap: int, below: int) -> Answer:
    """What became of an execution: the WFI trapped, or an instruction abort was taken to EL2 or, HVC says, to EL1."""
    kind = trap >> 26 & 0x3F
    if kind == _TRAPPED_WFI and target.physical is not None:
        return target
    syndrome, place = (below, far_below) if kind == _HVC else (trap, far)
    if syndrome >> 26 & 0x3F not in (0x20, 0x21) or place != query.address:
        raise RuntimeError(f"{query}: trap {trap:#x} {below:#x} at {place:#x}, expected to run at {target}")
    return Answer(fault=_FAULTS.get(syndrome >> 2 & 0xF, f"status {syndrome & 0x3F:#x}"))
