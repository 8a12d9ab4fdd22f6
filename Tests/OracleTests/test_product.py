#!/usr/bin/env python3
"""The product's own tables before the walkers: random regions through the mounted tree, judged by QEMU."""

import os

from oracle import harness
from oracle.expect import Expectation, examine
from oracle.formats import FORMATS, Format
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
        for split in range(1, 8):
            boundary = 1 << 32 - split
            halves = {"low": (0, boundary), "high": (boundary, (1 << 32) - boundary)}
            values, mappings = {}, []
            for base, (start, length) in halves.items():
                space = Space(mount, start, length, f"{base}{split}")
                scenario = Scenario(
                    space, seeded, row.sizes[:3], row.attributes, row.permissions, row.data_pools, f"{base}{split}"
                )
                space.associate(f"base={base} split={split}")
                space.activate()
                scenario.grow(3)
                values.update({key: value for key, value in space.root().items() if key not in values})
                if base == "high":
                    values.update(ttbr1=space.root()["ttbr1"])
                mappings += scenario.expectation().mappings
            expectation, root = Expectation(mappings), Root(values)
            count += examine(expectation, lambda asked: walker.translate(root, asked), row.questions, seeded)
            for base in halves:
                mount.write("0", "vcms", f"{base}{split}", "active")
        return f"{count} answers"


def _make(test, row: Format, seed: int):
    return lambda: test(row, seed)


for number, row in enumerate(FORMATS):
    globals()[f"test_{row.test_name}"] = _make(live_through, row, 100 + number)
    if row.split:
        globals()[f"test_{row.test_name}_split"] = _make(split_in_two, row, 200 + number)

if __name__ == "__main__":
    harness.main(dict(globals()))
