# Every file and directory of the tree stands in docs/FILES.md.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
[ -f "$VCMFS_REPO/docs/FILES.md" ] || skip "no docs/FILES.md yet"
mount_vcmfs
topology
mkdir "$M/vcms/out/bounds/bound"
cd "$M"

# Objects have names of their users'; all other names are the tree's own.
find . -mindepth 1 ! -type l ! -path './vcms/*/reservations/?*' ! -path './formats/*' -printf '%f\n' | sort -u >"$W/names"
find vcms/out/reservations/frame formats/x86-64 -mindepth 1 -printf '%f\n' | sort -u >>"$W/names"
printf '%s\n' out frame spare buffer bound video_dec display dma cpu0 pci0 mt0 mt1 tables >"$W/objects"
missing=
for name in $(sort -u "$W/names" | grep -vxFf "$W/objects"); do
  grep -qE "(^|[^A-Za-z0-9_.])$name([^A-Za-z0-9_]|\$)" "$VCMFS_REPO/docs/FILES.md" || missing="$missing $name"
done
assert_eq '' "$missing" "not in docs/FILES.md"
