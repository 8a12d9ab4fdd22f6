# metrics is what Prometheus takes: its own linter has nothing to say, empty or full, whatever names objects have.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need promtool
mount_vcmfs
cd "$M"
lint() {
  promtool check metrics <metrics >"$W/lint" 2>&1 || fail "promtool: $(cat "$W/lint")"
  assert_eq "" "$(cat "$W/lint")" "promtool says"
}
lint
topology
mkdir 'vcms/"quoted\back"' 'devices/ünïcode {x="y"}'
echo "64K name=c cache=wt" >vcms/out/reserve
quiet rmdir vcms/out && fail "rmdir of a used region"
quiet cat devices/display/memory && fail "nothing is mapped at 0"
lint
# What the issue asks for is there, with its type.
for metric in 'vcmfs_objects gauge' 'vcmfs_region_reserved_bytes gauge' 'vcmfs_region_backed_bytes gauge' \
  'vcmfs_region_free_bytes gauge' 'vcmfs_region_largest_free_bytes gauge' 'vcmfs_memory_free_bytes gauge' \
  'vcmfs_memory_largest_free_bytes gauge' 'vcmfs_memory_free_blocks gauge' 'vcmfs_table_leaves gauge' \
  'vcmfs_table_bytes gauge' 'vcmfs_faults_total counter' 'vcmfs_operation_duration_seconds histogram' \
  'vcmfs_operation_failures_total counter' 'vcmfs_events_total counter'; do
  has "^# TYPE $metric\$" cat metrics
  has "^${metric% *}(_count)?[{ ]" cat metrics
done
# And true.
has '^vcmfs_region_reserved_bytes\{vcm="out"\} 135168$' cat metrics
has '^vcmfs_region_backed_bytes\{vcm="out"\} 65536$' cat metrics
has "^vcmfs_region_largest_free_bytes\{vcm=\"out\"\} $(cat vcms/out/largest_free)\$" cat metrics
has "^vcmfs_memory_largest_free_bytes\{memtype=\"mt0\"\} $(cat memory/mt0/largest_free)\$" cat metrics
has '^vcmfs_table_leaves\{vcm="out",device="display",format="omap-iommu",page_size="4096"\} 16$' cat metrics
has "^vcmfs_table_bytes\{.*device=\"video_dec\".*\} $(stat -c %s vcms/out/associations/video_dec/pagetable.bin)\$" cat metrics
has '^vcmfs_faults_total\{device="display"\} 1$' cat metrics
has '^vcmfs_operation_failures_total\{operation="rmdir",errno="EBUSY"\} 1$' cat metrics
while read -r size count; do
  has "^vcmfs_memory_free_blocks\{memtype=\"mt0\",size=\"$size\"\} $count\$" cat metrics
done <memory/mt0/chunks
