# One process changes objects, another reads every file that depends on them at once, and never sees what was before.
# The long form, 100,000 changes, is run by hand: COHERENCE=100000 Tests/MountTests/run -t 900 coherence
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need cc
mount_vcmfs
cc -O1 -Wall -Wextra -o "$W/coherence" "$VCMFS_REPO/Tests/MountTests/coherence.c"
cd "$M"

works "$W/coherence" "${COHERENCE:-1600}"
is '' ls vcms
