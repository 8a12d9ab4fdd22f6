#!/usr/bin/env python3
"""The judges themselves: each walker must find out a table of the product that is damaged, or permits something else."""

import os

from oracle import harness
from oracle.expect import READ, Expectation, examine
from oracle.product import Mount, Space, platform_text
from oracle.rows import FORMATS, Format
from oracle.scenario import Scenario

# One row of each machine.
JUDGED = (
    "arm_v7s", "arm_lpae", "x86_64", "x86_pae", "x86_32", "x86_64_la57", "intel_vtd", "amd_v1", "arm64_4k", "arm64_s2_4k",
    "arm64_4k_high", "arm64_4k_smmuv3", "riscv_sv39", "riscv_sv32", "riscv_sv48x4", "ppc_tce_64k",
    "ppc_tce_ioda_4k_levels3", "alpha_sg_8m", "sun4m_iommu_64m", "sun4u_iommu_8k_64m", "m68k_040_4k", "sparc_srmmu", "s390_pci_levels3",
)  # fmt: skip


class Table:
    """Two neighbouring pages' entries of the product's table, found by its own dump, and the means to spoil them."""

    def __init__(self, mount: Mount, memory, name: str, addresses: tuple[int, int]) -> None:
        self._memory = memory
        self._bytes = mount.number("formats", name, "entry_bytes")
        places = {}
        for line in mount.read("vcms", "out", "associations", "dut", "pagetable").splitlines():
            words = line.split()
            if not line.startswith("#") and len(words) > 6 and words[4] != "table":
                places.setdefault(int(words[4], 16), int(words[2], 16))
        self._first, self._second = (places[address] for address in addresses)

    def _read(self, place: int) -> bytes:
        return self._memory.read(place, self._bytes)

    def damages(self):
        """What can be wrong, and the bytes that make it so: (name, [(place, bytes)])."""
        first, second, beside = self._first, self._second, self._first + self._bytes
        yield "two pages exchanged", [(first, self._read(second)), (second, self._read(first))]
        yield "a page missing", [(first, self._read(beside))]
        yield "a page too many", [(beside, self._read(first))]
        yield "every bit of an entry turned", [(first, bytes(byte ^ 0xFF for byte in self._read(first)))]

    def write(self, changes) -> list[tuple[int, bytes]]:
        """Makes changes; what was there before."""
        before = [(place, self._read(place)) for place, _ in changes]
        for place, content in changes:
            self._memory.write(place, content)
        return before


def find_damage(row: Format, seed: int) -> str:
    with (
        harness.workspace() as directory,
        row.memory(os.path.join(directory, "ram"), row.ram) as memory,
        Mount(directory, memory, platform_text(memory, row.pools, row.device % row.name)) as mount,
        harness.seeded_random(seed) as seeded,
    ):
        space, page = Space(mount, row.start, row.length), min(row.sizes)
        scenario = Scenario(space, seeded, row.sizes, row.attributes, row.permissions, row.data_pools)
        addresses = (row.start + 16 * page, row.start + 19 * page)
        # Not what may do nothing: that would hide where a page leads.
        words = [words for words in row.attributes if READ in row.permissions(words)[1]]
        for number, address in enumerate(addresses):
            scenario.add_page(f"page{number}", address, words[0])
        space.associate(row.association)
        space.activate()
        root, right = space.root(), scenario.expectation()
        with row.walker(memory, root) as walker:

            def is_right(expectation: Expectation) -> bool:
                try:
                    examine(expectation, lambda asked: walker.translate(root, asked), row.questions, seeded)
                except (AssertionError, RuntimeError):
                    return False
                return True

            assert is_right(right), "the whole table is not right"
            count = 0
            for name, changes in Table(mount, memory, row.name, addresses).damages():
                table = Table(mount, memory, row.name, addresses)
                before = table.write(changes)
                assert not is_right(right), f"{name}: not found"
                table.write(before)
                assert is_right(right), f"{name}: still found after it was mended"
                count += 1
            for other in words:
                if row.permissions(other) != row.permissions(words[0]):
                    space.set_attributes("page0", other)
                    assert not is_right(right), f"{other}: not found"
                    assert is_right(scenario.expectation()), f"{other}: not right"
                    count += 1
                    break
        return f"{count} damages"


def _make(row: Format, seed: int):
    return lambda: find_damage(row, seed)


_rows = {row.test_name: row for row in FORMATS}
for _number, _name in enumerate(JUDGED):
    globals()[f"test_{_name}"] = _make(_rows[_name], 300 + _number)

if __name__ == "__main__":
    harness.main(dict(globals()))
