# vcmfs formats, check, --help and --version need no mount.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
for format in msm-smmu omap-iommu arm-v7s intel-vtd x86-64; do
  assert_matches "^$format  +[A-Za-z0-9]" "$("$VCMFS" formats)"
done
assert_matches '^[0-9]+\.[0-9]+\.[0-9]+$' "$("$VCMFS" --version)"
assert_contains "$("$VCMFS" --help)" "--platform"

example=$VCMFS_REPO/mount-scripts/examples/video-playback/platform.yaml
assert_matches '^platform video-soc$' "$("$VCMFS" check "$example")"
assert_matches '^device display iommu omap-iommu$' "$("$VCMFS" check "$example")"

# Every mistake with its line, in one run.
sed 's/size: 64M, contiguous: true/size: 64Q/; s/msm-smmu/vax/' "$example" >"$W/p.yaml"
status=0
"$VCMFS" check "$W/p.yaml" >"$W/out" 2>"$W/err" || status=$?
assert_eq 65 "$status"
assert_eq "" "$(cat "$W/out")"
assert_matches "^$W/p.yaml:4: .*'64Q' is not a number" "$(cat "$W/err")"
assert_matches "^$W/p.yaml:7: .*'vax', which is unknown" "$(cat "$W/err")"

# The example is the built-in platform.
mount_vcmfs
(cd "$M" && ls -R memory devices && cat memory/*/size devices/*/format) >"$W/builtin" 2>&1
unmount_vcmfs
mount_vcmfs --platform "$example"
(cd "$M" && ls -R memory devices && cat memory/*/size devices/*/format) >"$W/example" 2>&1
assert_eq "$(cat "$W/builtin")" "$(cat "$W/example")" "the example's platform"
