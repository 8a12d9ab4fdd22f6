# One process changes objects, another reads every file that depends on them at once, and never sees what was before.
# `mount-scripts/test -l` makes 100,000 changes.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need cc
mount_vcmfs
cc -O1 -Wall -Wextra -o "$W/coherence" "$VCMFS_REPO"/Tests/MountTests/coherence/*.c
cd "$M"

works "$W/coherence" "${COHERENCE:-600}"
is '' ls vcms
