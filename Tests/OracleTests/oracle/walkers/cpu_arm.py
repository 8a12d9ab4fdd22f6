"""ARMv7: short descriptors, LPAE stage 1 and stage 2, walked by a Cortex-A15 (`virt` machine).

Reads and writes are asked with ATS12NSO* from the secure side, whose own MMU is off: nothing but the tables
under test takes part, and PAR tells the address or the fault. For execution the CPU goes to the address itself
and must execute the SVC instruction that lies in the page.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from ..assembler import assemble
from ..memory_file import MemoryFile, Window
from ..model import Access, Answer, Query, Root
from ..qemu import Machine

RAM_BASE = 0x4000_0000
SCRATCH = RAM_BASE + 0x40_0000
"""A MiB of the walker's own. Below it the machine puts its device tree: tests use RAM from 16 MiB up."""

_PC, _CPSR = 15, 25
_USER, _SUPERVISOR = 0x1D0, 0x1D3
_SVC = 0xEF000000
_VECTOR_SVC, _VECTOR_PREFETCH_ABORT = 8, 12
_HEADER = struct.Struct("<IIQQIIIIIIQII")
_OPERATION = {(Access.READ, False): 0, (Access.WRITE, False): 1, (Access.READ, True): 2, (Access.WRITE, True): 3}
_FAULTS = {0: "address size", 1: "translation", 2: "access flag", 3: "permission", 4: "external", 15: "domain"}


def memory_file(path: str, size: int) -> MemoryFile:
    """RAM for the machine: `size` bytes at 0x40000000."""
    return MemoryFile(path, [Window(RAM_BASE, size, 0)])


@dataclass(frozen=True)
class Registers:
    """What a driver of the non-secure MMU programs. The defaults leave both stages off."""

    sctlr: int = 0
    ttbcr: int = 0
    ttbr0: int = 0
    ttbr1: int = 0
    dacr: int = 0x55555555
    prrr: int = 0xFF0A81A8
    nmrr: int = 0x40E040E0
    hcr: int = 0
    vtcr: int = 0
    vttbr: int = 0


def registers_of(root: Root) -> Registers:
    """The registers that the root of an arm-v7s table names, as a driver would load them."""
    defaults = Registers()
    names = ("sctlr", "ttbcr", "ttbr0", "ttbr1", "dacr", "prrr", "nmrr", "hcr", "vtcr", "vttbr")
    values = {name: root.number(name, getattr(defaults, name)) for name in names}
    return Registers(**values)


def registers_of_lpae(root: Root) -> Registers:
    """The same for arm-lpae: MAIR0 and MAIR1 are PRRR and NMRR by other names, and of SCTLR only M matters."""
    mair = {"prrr": root.number("mair0"), "nmrr": root.number("mair1")}
    return Registers(**vars(registers_of(root)) | mair | {"sctlr": root.number("sctlr", 1)})


def registers_of_smmu(root: Root) -> Registers:
    """The same for msm-smmu, whose SCTLR has M, TRE and AFE in bits 0, 1 and 2, and which knows no domains."""
    control = root.number("sctlr")
    values = vars(registers_of(root)) | {"dacr": Registers().dacr}
    return Registers(**values | {"sctlr": control & 1 | (control >> 1 & 3) << 28})


def registers_of_mediatek(root: Root) -> Registers:
    """The MMU on, and every domain a manager, for which no permission is checked."""
    return Registers(sctlr=1, ttbr0=root.number("table"), dacr=0xFFFF_FFFF)


class ARMv7:
    """The machine. One `translate` call programs the registers, then answers all its queries."""

    def __init__(self, memory: MemoryFile) -> None:
        self._memory = memory
        self._guest = assemble("arm_v7.s", "--target=armv7a-none-eabi")
        self._program, self._stage2, self._parameters = SCRATCH, SCRATCH + 0x4000, SCRATCH + 0x8000
        # QEMU's program for 32-bit targets cuts the addresses of tables at 4 GiB where a second stage is on.
        self._machine = Machine(
            "qemu-system-aarch64", memory, "virt,secure=on,virtualization=on", ["-cpu", "cortex-a15", "-smp", "1"]
        )
        self._used = False

    def __enter__(self) -> ARMv7:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.close()

    def translate(self, registers: Registers, queries: Sequence[Query]) -> list[Answer]:
        """Asks the MMU. Executions are tried after all reads and writes; they leave their pages as they were."""
        if self._used:
            self._machine.monitor.execute("system_reset")
        self._used = True
        accesses = [query for query in queries if query.access is not Access.EXECUTE]
        executions = [query for query in queries if query.access is Access.EXECUTE]
        targets = [Query(query.address, Access.READ, user=False) for query in executions]
        found = self._ask(registers, accesses + targets)
        answers = dict(zip(accesses, found))
        for query, target in zip(executions, found[len(accesses) :]):
            answers[query] = self._execute(query, target)
        return [answers[query] for query in queries]

    def _ask(self, registers: Registers, queries: Sequence[Query]) -> list[Answer]:
        memory = self._memory
        if not registers.hcr & 1:
            registers = self._with_identity_stage2(registers)
        memory.write(self._program, self._guest.code)
        values = [registers.sctlr, registers.ttbcr, registers.ttbr0, registers.ttbr1, registers.dacr]
        values += [registers.prrr, registers.nmrr, registers.hcr, registers.vtcr, 0, registers.vttbr]
        memory.write(self._parameters, _HEADER.pack(*values, len(queries), 0))
        for index, query in enumerate(queries):
            operation = _OPERATION[query.access, query.user]
            record = struct.pack("<IIQ", query.address, operation, 0)
            memory.write(self._parameters + 64 + 16 * index, record)
        gdb = self._machine.gdb
        gdb.write_register(_CPSR, _SUPERVISOR, 4)
        gdb.write_register(0, self._parameters, 4)
        gdb.write_register(_PC, self._program, 4)
        gdb.run_to(self._program + self._guest.labels["finish"])
        results = [memory.read_word(self._parameters + 72 + 16 * index) for index in range(len(queries))]
        return [_decode_par(par, query.address) for par, query in zip(results, queries)]

    def _with_identity_stage2(self, registers: Registers) -> Registers:
        """Stage 2 on, every address to itself: PAR then has its 64-bit form, which shows all 40 bits."""
        for gigabyte in range(1024):
            # Stage-2 block of 1G: read and write allowed, normal memory, inner shareable, accessed.
            self._memory.write_word(self._stage2 + 8 * gigabyte, gigabyte << 30 | 0x7FD)
        # 40 bits of input (T0SZ = -8, so S = 1), starting at level 1 with two tables side by side.
        values = {**vars(registers), "hcr": 1, "vtcr": 0x80003558, "vttbr": self._stage2}
        return Registers(**values)

    def _execute(self, query: Query, target: Answer) -> Answer:
        """Sends the CPU to the address: SVC is taken if the page may be executed, a prefetch abort if not."""
        memory, saved = self._memory, None
        if target.physical is not None and memory.contains(target.physical, 4):
            saved = memory.read(target.physical, 4)
            memory.write_word(target.physical, _SVC, 4)
        gdb = self._machine.gdb
        gdb.write_register(_CPSR, _USER if query.user else _SUPERVISOR, 4)
        gdb.write_register(_PC, query.address, 4)
        gdb.step()
        vector = gdb.read_register(_PC)
        if saved is not None and target.physical is not None:
            memory.write(target.physical, saved)
        if vector == _VECTOR_SVC:
            return target
        if vector == _VECTOR_PREFETCH_ABORT:
            return Answer(fault=target.fault or "permission")
        raise RuntimeError(f"{query}: the CPU went to {vector:#x}, so it executed something else")


def _decode_par(par: int, address: int) -> Answer:
    """PAR in its 64-bit form: bit 0 set for a fault, whose status is in bits 6:1."""
    if par & 1:
        status = par >> 1 & 0x3F
        kind = _FAULTS.get(status >> 2, f"status {status:#x}")
        return Answer(fault=kind)
    return Answer(physical=par & 0xFF_FFFF_F000 | address & 0xFFF)
