"""Independent page-table walkers: QEMU's CPUs and IOMMUs read the tables that vcmfs wrote."""
