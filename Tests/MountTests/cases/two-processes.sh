# What one process changed, another sees at once, in every file that depends on it.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

# The shell's own builtins look; a child changes.
i=0
while [ "$i" -lt 50 ]; do
  i=$((i + 1))
  read -r free <vcms/out/free
  [ ! -e vcms/out/reservations/n ] || fail "round $i: n is there"
  "$TRY" write vcms/out/reserve "4K name=n$NL"
  [ -e vcms/out/reservations/n/addr ] || fail "round $i: n cannot be seen"
  read -r now <vcms/out/free
  assert_eq "$((free - 4096))" "$now" "round $i: free"
  "$TRY" symlink phys/buffer vcms/out/reservations/n/backing 2>/dev/null && fail "round $i: 64K in 4K"
  "$TRY" rename vcms/out/reservations/n vcms/out/reservations/m
  [ ! -e vcms/out/reservations/n ] || fail "round $i: n is still there"
  "$TRY" rmdir vcms/out/reservations/m
  [ ! -e vcms/out/reservations/m ] || fail "round $i: m is still there"
  "$TRY" unlink vcms/out/reservations/frame/backing
  set -- phys/buffer/users/*
  [ ! -L "$1" ] || fail "round $i: the buffer still has a user"
  [ ! -s vcms/out/reservations/frame/data ] || fail "round $i: data has a size without backing"
  "$TRY" symlink phys/buffer vcms/out/reservations/frame/backing
  set -- phys/buffer/users/*
  [ -L "$1" ] || fail "round $i: the buffer has no user"
  [ -s vcms/out/reservations/frame/data ] || fail "round $i: data has no size"
done
