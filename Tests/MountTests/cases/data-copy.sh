# copy_file_range between files of memory is vcm_res_copy: the bytes are copied in the daemon, as far as both go.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"
topology
echo "8M name=big" >vcms/out/reserve
echo "8M name=big" >phys/alloc
ln -s phys/big vcms/out/reservations/big/backing
from=vcms/out/reservations/frame/data
to=vcms/out/reservations/big/data

is 23 "$TRY" copy-range $from 0 $to 4096 23
is 'seen through every tool' "$TRY" read $to 4096 23
# As far as the source goes, and as the target.
is 65536 "$TRY" copy-range $from 0 $to 0 1000000
is 10 "$TRY" copy-range $from 65526 $to 0 100
is 0 "$TRY" copy-range $from 65536 $to 0 100
is 6 "$TRY" copy-range $from 0 $to $(((8 << 20) - 6)) 100
is 'seen t' "$TRY" read $to $(((8 << 20) - 6)) 6
assert_fails_with copy_file_range:ENOSPC "$TRY" copy-range $from 0 $to $((8 << 20)) 100
# Nothing behind it: nothing comes, and nothing can go.
is 0 "$TRY" copy-range vcms/out/reservations/spare/data 0 $to 0 100
assert_fails_with copy_file_range:ENXIO "$TRY" copy-range $from 0 vcms/out/reservations/spare/data 0 100

# cp and dd between data files; what a device sees of it.
head -c 65536 /dev/urandom >phys/buffer/data
works cp $from $to
works cmp -n 65536 $from $to
is 8388608 stat -c %s $to
head -c 8388608 /dev/urandom >phys/big/data
echo "8M name=other" >phys/alloc
works cp phys/big/data phys/other/data
works cmp phys/big/data phys/other/data
same "cksum <phys/other/data" "cksum <$to"
# From and to files that are no memory the kernel copies.
works cp $from "$W/copy"
works cmp $from "$W/copy"
printf 'from outside' >"$W/outside"
works sh -c "cat '$W/outside' >$from"
is 'from outside' "$TRY" read phys/buffer/data 0 12
works cp vcms/out/len "$W/len"
is 134217728 cat "$W/len"
