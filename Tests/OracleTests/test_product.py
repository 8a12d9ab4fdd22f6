#!/usr/bin/env python3
"""The product's own tables before the walkers: random regions through the mounted tree, judged by QEMU."""

import os
from dataclasses import replace

from oracle import harness
from oracle.expect import Expectation, examine
from oracle.rows import FORMATS, Format
from oracle.model import Root
from oracle.product import Mount, Space, platform_text
from oracle.scenario import Scenario


def live_through(row: Format, seed: int) -> str:
    """Regions grow before and after activation, shrink and change; the walker is asked at each stage."""
    with (
        harness.workspace() as directory,
        row.memory(os.path.join(directory, "ram"), row.ram) as memory,
        Mount(directory, memory, platform_text(memory, row.pools, row.device % row.name)) as mount,
        harness.seeded_random(seed) as seeded,
    ):
        space = Space(mount, row.start, row.length)
        scenario = Scenario(space, seeded, row.sizes, row.attributes, row.permissions, row.data_pools)
        space.associate(row.association)
        space.activate()
        root = space.root()
        count = 0
        with row.walker(memory, root) as walker:
            for stage in (scenario.grow, scenario.change, scenario.shrink, scenario.grow):
                stage(12)
                assert dict(space.root()) == dict(root), "the root moved while the table was active"
                expectation = scenario.expectation()
                count += examine(expectation, lambda asked: walker.translate(root, asked), row.questions, seeded)
            # Built anew in one go, a table must say the same.
            space.activate(False)
            space.activate()
            root = space.root()
            count += examine(expectation, lambda asked: walker.translate(root, asked), row.questions, seeded)
        return f"{count} answers"


def split_in_two(row: Format, seed: int) -> str:
    """Two regions on one device, one behind each root: every split that the hardware has."""
    with (
        harness.workspace() as directory,
        row.memory(os.path.join(directory, "ram"), row.ram) as memory,
        Mount(directory, memory, platform_text(memory, row.pools, row.device % row.name)) as mount,
        harness.seeded_random(seed) as seeded,
        row.walker(memory, Root({})) as walker,
    ):
        count = 0
        for split in row.splits:
            mappings, roots = [], []
            for base, (start, length) in zip(("low", "high"), row.halves(split)):
                name = f"{base}{split}"
                space = Space(mount, start, length, name)
                sizes = row.sizes[:3]
                scenario = Scenario(space, seeded, sizes, row.attributes, row.permissions, row.data_pools, name)
                space.associate(f"base={base} split={split}")
                space.activate()
                scenario.grow(3)
                roots.append(space.root())
                mappings += scenario.expectation().mappings
            expectation, root = Expectation(mappings), both_halves(*roots)
            questions = replace(row.questions, limit=max(row.questions.limit, sum(row.halves(split)[1])))
            count += examine(expectation, lambda asked: walker.translate(root, asked), questions, seeded)
            for base in ("low", "high"):
                mount.write("0", "vcms", f"{base}{split}", "active")
        return f"{count} answers"


def both_halves(low: Root, high: Root) -> Root:
    """What a driver programs for two associations: each root's own registers, and the control register's upper half,
    which is about the upper half of the addresses, from the high root."""
    values = {**high, **low}
    for control in ("ttbcr", "tcr_el1"):
        if control in low and low[control] != high[control]:
            values[control] = hex(low.number(control) & ~0xFFFF_0000 | high.number(control) & 0xFFFF_0000)
    return Root(values)


def _make(test, row: Format, seed: int):
    return lambda: test(row, seed)


for number, row in enumerate(FORMATS):
    globals()[f"test_{row.test_name}"] = _make(live_through, row, 100 + number)
    if row.splits:
        globals()[f"test_{row.test_name}_split"] = _make(split_in_two, row, 200 + number)

if __name__ == "__main__":
    harness.main(dict(globals()))
