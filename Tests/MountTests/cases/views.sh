# metrics, state.json, topology.dot, topology.svg and map.svg are well-formed, complete, and say what is so now.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
topology
cd "$M"

# (metrics counts the calls that ask for it.)
for file in state.json topology.dot topology.svg vcms/out/map.svg; do
  is "$(stat -c %s $file)" sh -c "wc -c <$file"
done
cat >"$W/views.py" <<'END'
import json, re, sys, xml.dom.minidom
state = json.load(open("state.json"))
regions = {region["name"]: region for region in state["regions"]}
out = regions["out"]
assert out["start"] == "0x1000" and out["length"] == str(128 << 20), out
reservations = {one["name"]: one for one in out["reservations"]}
assert sorted(reservations) == sorted(sys.argv[1:]), reservations.keys()
assert reservations["frame"]["backing"] == "buffer", reservations["frame"]
assert {one["device"]: one["active"] for one in out["associations"]} == {"video_dec": True, "display": True}
metrics = {}
types = {}
for line in open("metrics"):
    if line.startswith("#"):
        if line.startswith("# TYPE "):
            types[line.split()[2]] = line.split()[3]
        continue
    matched = re.fullmatch(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?[0-9.e+-]+|\+Inf|NaN)\n', line)
    assert matched, line
    metrics[matched[1] + (matched[2] or "")] = float(matched[3])
for name in metrics:
    base = re.sub(r"\{.*", "", name)
    assert base in types or re.sub(r"_(bucket|sum|count)$", "", base) in types, name
assert metrics['vcmfs_objects{kind="region"}'] == len(regions)
assert metrics['vcmfs_objects{kind="reservation"}'] == len(reservations)
assert metrics['vcmfs_region_free_bytes{vcm="out"}'] == int(open("vcms/out/free").read())
assert metrics['vcmfs_memory_free_bytes{memtype="mt0"}'] == int(open("memory/mt0/free").read())
for picture in ("topology.svg", "vcms/out/map.svg"):
    document = xml.dom.minidom.parse(picture)
    assert document.documentElement.tagName == "svg", picture
    def texts(node):
        return (node.data if node.nodeType == node.TEXT_NODE else "") + "".join(map(texts, node.childNodes))
    text = texts(document)
    for name in sys.argv[1:] if "map" in picture else ["out", "buffer", "video_dec"]:
        assert name in text, (picture, name)
dot = open("topology.dot").read()
assert dot.startswith("digraph") and dot.rstrip().endswith("}"), dot
for name in ("out", "buffer", "video_dec", "display", "frame"):
    assert name in dot, name
END
works python3 "$W/views.py" frame spare
echo "64K name=<&\"\\" >vcms/out/reserve
works python3 "$W/views.py" frame spare '<&"\'
rmdir 'vcms/out/reservations/<&"\'
works python3 "$W/views.py" frame spare
# In a stable order: made otherwise, the same state is the same text but for its own order of making.
cat state.json >"$W/first"
cat state.json >"$W/second"
works cmp "$W/first" "$W/second"
