"""What the attribute words of a reservation allow, in the terms of each kind of format."""

from __future__ import annotations

from .expect import EXECUTE, NOTHING, READ, WRITE
from .scenario import Permissions

_LETTERS = {"r": READ, "w": WRITE, "x": EXECUTE}


def _words(text: str) -> dict[str, str]:
    return {key: value for key, _, value in (word.partition("=") for word in text.split())}


def _accesses(text: str):
    return frozenset(_LETTERS[letter] for letter in _words(text)["prot"] if letter in _LETTERS)


def processor(text: str) -> Permissions:
    """A CPU's format: all three, and supervisor pages that the user cannot reach."""
    accesses = _accesses(text)
    return (NOTHING if "supervisor" in _words(text) else accesses), accesses


def aarch64(text: str) -> Permissions:
    """As a CPU's, but privileged code never executes what the user may write."""
    user, supervisor = processor(text)
    return user, supervisor - ({EXECUTE} if WRITE in user else NOTHING)


def riscv(text: str) -> Permissions:
    """As a CPU's, but the supervisor never executes a user page (and reads and writes it with SUM)."""
    user, supervisor = processor(text)
    return user, supervisor - ({EXECUTE} if user else NOTHING)


def guest(text: str) -> Permissions:
    """A second stage: the same for everybody."""
    accesses = _accesses(text)
    return accesses, accesses


def always_executable(text: str) -> Permissions:
    """A CPU's format with no bit against execution."""
    user, supervisor = processor(text)
    return (user | {EXECUTE} if user else NOTHING), supervisor | {EXECUTE}


def read_write(text: str) -> Permissions:
    """An IOMMU with a bit for each of reading and writing."""
    accesses = _accesses(text) - {EXECUTE}
    return accesses, accesses


def everything(_: str) -> Permissions:
    """A mapper whose entries are only valid or not."""
    return frozenset({READ, WRITE}), frozenset({READ, WRITE})


def combinations(protections: str, *others: str) -> list[str]:
    """Attribute words: every one of the space-separated `protections` with every one of `others` and each policy."""
    policies = ("none", "wb-wa", "wb-nwa", "wt")
    return [
        f"prot={protection} cache={policy} {other}".strip()
        for protection in protections.split()
        for policy in policies
        for other in (others or ("",))
    ]
