# A long read holds nobody up: beside ten readers of a dump, a reserve takes less than one of their reads does.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
cat >"$W/platform.yaml" <<'END_OF_PLATFORM'
name: sparse
memory:
  ram:    {base: 0, size: 1G}
  tables: {base: 0x40000000, size: 16M, tables: true}
devices:
  gpu: {type: iommu, format: intel-vtd}
END_OF_PLATFORM
mount_vcmfs --platform "$W/platform.yaml"
cd "$M"

mkdir vcms/out vcms/other
ln -s devices/gpu vcms/out/devices/gpu
echo 1 >vcms/out/active
# The two addresses are at different distances from 2M: pages of 4K only, eight megabytes of lines.
echo "256M at=0 name=buffer" >phys/alloc
echo "256M at=0x1000 name=r" >vcms/out/reserve
ln -s phys/buffer vcms/out/reservations/r/backing

works python3 - <<'END_OF_PYTHON'
import os, signal, statistics, subprocess, sys, time

table = "vcms/out/associations/gpu/pagetable"
reader = f"""
import os
file = os.open({table!r}, os.O_RDONLY)
while True:
    for offset in range(0, {os.stat(table).st_size}, 1 << 20):
        os.pread(file, 1 << 20, offset)
"""
readers = [subprocess.Popen([sys.executable, "-c", reader]) for _ in range(10)]
try:
    time.sleep(1)
    dump, other = os.open(table, os.O_RDONLY), os.open("vcms/other/reserve", os.O_WRONLY)
    reads, writes = [], []
    for _ in range(8):
        began = time.perf_counter()
        os.pread(dump, 1 << 20, 0)
        reads.append(time.perf_counter() - began)
        for _ in range(4):
            began = time.perf_counter()
            os.write(other, b"4K\n")
            writes.append(time.perf_counter() - began)
    read, write = statistics.median(reads), statistics.median(writes)
    print(f"read {read * 1e6:.0f} us, reserve {write * 1e6:.0f} us")
    assert write < read / 3, f"a reserve takes {write * 1e6:.0f} us, a read {read * 1e6:.0f} us"
finally:
    for process in readers:
        process.send_signal(signal.SIGKILL)
        process.wait()
END_OF_PYTHON
is 32 sh -c 'ls vcms/other/reservations | wc -l'
