# free, largest_free and the counts of chunk sizes are exact before and after ENOMEM, allocation and freeing.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

assert_reads memory/mt1/base 0x90000000
assert_reads memory/mt1/size 67108864
accounts() { grep -H . memory/mt1/*; }
accounts >"$W/empty"
assert_reads memory/mt1/free 67108864
assert_reads memory/mt1/largest_free 67108864

echo "4K memtype=mt1 name=a" >phys/alloc
assert_reads memory/mt1/free 67104768
# The buddies above one page at the pool's start: the largest is 32M, and so the largest run starts behind the page.
assert_reads memory/mt1/largest_free 67104768
echo "32M memtype=mt1 contiguous name=b" >phys/alloc
assert_reads memory/mt1/free 33550336
accounts >"$W/two"
# Refused: not a byte moves.
put_fails ENOMEM phys/alloc "32M memtype=mt1"
says '33550336|free'
accounts >"$W/refused"
assert_eq '' "$(diff "$W/two" "$W/refused")" 'ENOMEM changed the accounts'
# To the last byte.
echo "33550336 memtype=mt1 name=c" >phys/alloc
assert_reads memory/mt1/free 0
assert_reads memory/mt1/largest_free 0
put_fails ENOMEM phys/alloc "4K memtype=mt1"
rmdir phys/a
assert_reads memory/mt1/free 4096
assert_reads memory/mt1/largest_free 4096
rmdir phys/c phys/b
accounts >"$W/again"
assert_eq '' "$(diff "$W/empty" "$W/again")" 'not everything came back'
