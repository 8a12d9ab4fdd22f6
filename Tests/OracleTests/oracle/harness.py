"""Runs the test functions of one script: `passed`, `failed` or `skipped`, a name and a time for each."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from typing import Any

from .model import Skip

SKIPPED = 77
_TEST_SECONDS = 150
_seeds: list[int] = []
"""Those of the test that runs."""


def main(names: dict[str, Any]) -> None:
    """Runs every `test_...` of `names` that the command line does not leave out, then exits.

    `--part I/N` runs every Nth of them, from the Ith on.
    """
    # Whoever is ended leaves no machine, mount or directory behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted, part, parts = sys.argv[1:], 0, 1
    if wanted[:1] == ["--part"]:
        part, parts = (int(word) for word in wanted[1].split("/"))
        wanted = wanted[2:]
    script = os.path.splitext(os.path.basename(names["__file__"]))[0]
    tests = [(name, function) for name, function in names.items() if name.startswith("test_") and callable(function)]
    failed = skipped = passed = 0
    for name, function in tests[part::parts]:
        if wanted and not any(word in f"{script}.{name}" for word in wanted):
            continue
        verdict, remark = _run(function)
        passed += verdict == "passed"
        failed += verdict == "failed"
        skipped += verdict == "skipped"
        print(f"{verdict:8}{script}.{name}{remark}", flush=True)
    sys.exit(1 if failed else SKIPPED if skipped and not passed else 0)


def _run(function: Any) -> tuple[str, str]:
    start = time.monotonic()
    _seeds.clear()
    faulthandler.dump_traceback_later(_TEST_SECONDS, exit=True)
    try:
        remark = function()
        verdict = "passed"
    except Skip as reason:
        verdict, remark = "skipped", str(reason)
    except Exception:  # noqa: BLE001  (a test may fail in any way)
        verdict, remark = "failed", "\n" + traceback.format_exc()
    finally:
        faulthandler.cancel_dump_traceback_later()
    seeds = "".join(f"  ORACLE_SEED={seed}" for seed in _seeds)
    return verdict, f"  {time.monotonic() - start:.2f} s{seeds}" + (f"  {remark}" if remark else "")


@contextlib.contextmanager
def workspace() -> Iterator[str]:
    """A directory for memory files, on tmpfs where there is one; gone afterwards."""
    shared = "/dev/shm"
    place = shared if os.path.isdir(shared) and os.access(shared, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="oracle-", dir=place) as directory:
        yield directory


@contextlib.contextmanager
def seeded_random(default: int) -> Iterator[random.Random]:
    """A generator whose seed (ORACLE_SEED, or `default`) is printed beside the verdict."""
    seed = int(os.environ.get("ORACLE_SEED", str(default)), 0)
    _seeds.append(seed)
    yield random.Random(seed)
