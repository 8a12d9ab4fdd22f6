# The examples of docs/FILES.md: one session in the root of a fresh mount, compared byte for byte.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need getfattr
plays docs/FILES.md
