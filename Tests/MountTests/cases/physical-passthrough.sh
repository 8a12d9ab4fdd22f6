# memory/physical mapped shared, read and written by two processes: the memory itself where the kernel passes it through to the
# memory file, and coherent with it where it cannot, because file offsets are not physical addresses.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3

# How many requests the daemon has read, counted when it has come to rest.
requests() {
  seen=-1
  until [ "$seen" = "$(awk '$1 == "syscr:" { print $2 }' "/proc/$daemon/io")" ]; do
    seen=$(awk '$1 == "syscr:" { print $2 }' "/proc/$daemon/io")
    sleep 0.05
  done
  echo "$seen"
}

# check BASE: the requests that a hundred reads of memory/physical become are left in `taken`.
check() {
  printf 'memory:\n  all: {base: %s, size: 64M, chunks: [1M, 64K, 4K]}\n' "$1" >"$W/platform.yaml"
  mount_vcmfs --platform "$W/platform.yaml"
  cd "$M"
  echo "64K name=b contiguous" >phys/alloc
  where=$(awk 'NR == 1 { print $1 }' phys/b/chunks)
  exec 3<memory/physical
  before=$(requests)
  dd bs=64 count=100 status=none <&3 | works cmp -n 6400 - /dev/zero
  taken=$(($(requests) - before))
  exec 3<&-
  # What is passed through tells nobody, so pages of `data` cannot be given up when it is written.
  works python3 "$VCMFS_REPO/Tests/MountTests/exercise.py" --seed 1 --steps 1000 --size $((64 << 10)) \
    --mapped "memory/physical=$where" "$2" phys/b/data=0
  unmount_vcmfs
}

check 0 --unmapped
[ "$taken" = 0 ] || echo "not passed through: $taken requests"
check 0x10000 --mapped
[ "$taken" -ge 100 ] || fail "reads at other file offsets were passed through: $taken requests"
