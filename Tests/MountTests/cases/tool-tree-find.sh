# tree and find walk everything once, follow no link twice, and count what there is.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need tree find
mount_vcmfs
topology
cd "$M"

works tree
assert_contains "$printed" 'video_dec -> '
has '^[0-9]+ directories, [0-9]+ files$' tree
is '' sh -c 'find . 2>&1 >/dev/null'
is vcms/out/reservations/frame find vcms -name frame
is "vcms/out/reservations/frame${NL}vcms/out/reservations/spare" sh -c 'find vcms/out/reservations -mindepth 1 -type d | sort'
is vcms/out/reservations/frame/backing find vcms -type l -name backing
is '' find . -type l ! -exec test -e {} ';' -print
is 65536 find vcms/out/reservations/frame -name data -printf '%s\n'
is '' find vcms -size +100M
is phys/buffer/data find phys -name data -newermt '2000-01-01'
# Names and inode numbers: no two files have the same one.
is '' sh -c 'find . -printf "%i\n" | sort | uniq -d'
