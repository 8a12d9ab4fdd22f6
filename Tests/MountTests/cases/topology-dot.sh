# topology.dot is a graph that Graphviz draws, with every node and edge, whatever names objects have.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need dot
mount_vcmfs
cd "$M"
works dot -Tsvg -o "$W/empty.svg" topology.dot
topology
mkdir 'vcms/"quoted\n\back"' 'vcms/<b>a & b<b>' vcms/ünï
works dot -Tsvg -o "$W/graph.svg" topology.dot
works dot -Tplain -o "$W/plain" topology.dot
# Five devices, four regions and a buffer; two associations and one backing.
assert_eq 10 "$(grep -c '^node ' "$W/plain")" "nodes"
assert_eq 3 "$(grep -c '^edge ' "$W/plain")" "edges"
has 'video_dec' cat "$W/graph.svg"
has '&lt;b&gt;a &amp; b&lt;b&gt;' cat "$W/graph.svg"
# The own picture has the same nodes and edges: a box and an arrow each.
assert_eq 10 "$(grep -c '<rect x=' topology.svg)" "boxes"
assert_eq 3 "$(grep -c 'd="M[0-9 ]*C' topology.svg)" "arrows"
echo 0 >vcms/out/associations/display/active
assert_eq 1 "$(grep -c 'C.*stroke-dasharray' topology.svg)" "dashed arrows"
assert_eq 1 "$(grep -c 'style=dashed' topology.dot)" "dashed edges"
