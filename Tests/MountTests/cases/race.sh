# Many clients change the tree at once: no crash, no hang, and what is left is exact.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/shared
worker() {
  i=0
  while [ "$i" -lt 60 ]; do
    i=$((i + 1))
    mkdir "vcms/w$1"
    ln -s devices/dma "vcms/w$1/devices/dma"
    echo "4K name=r" >"vcms/w$1/reserve"
    echo "4K name=w$1" >vcms/shared/reserve
    echo "4K name=w$1" >phys/alloc
    ln -s "phys/w$1" "vcms/shared/reservations/w$1/backing"
    ls -lR vcms >/dev/null 2>&1 || true
    cat vcms/shared/free >/dev/null
    mv "vcms/w$1" "vcms/v$1"
    rm "vcms/shared/reservations/w$1/backing"
    rmdir "vcms/shared/reservations/w$1" "phys/w$1" "vcms/v$1/reservations/r"
    rm "vcms/v$1/devices/dma"
    rmdir "vcms/v$1"
  done
}
for n in 1 2 3 4; do
  worker $n 2>"$W/worker$n" &
  eval "pid$n=$!"
done
for n in 1 2 3 4; do
  eval "wait \$pid$n" || fail "worker $n: $(cat "$W/worker$n")"
  is '' cat "$W/worker$n"
done
is shared ls vcms
assert_reads vcms/shared/free 4294967296
assert_reads memory/mt0/free 268435456
is '' ls devices/dma/vcms
