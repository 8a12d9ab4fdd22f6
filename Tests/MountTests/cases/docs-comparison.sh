# The commands of docs/COMPARISON.md: one session in the root of a fresh mount, compared byte for byte.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
plays docs/COMPARISON.md
