# One write(2) is one transaction: all of its lines happen, or none, with the errno of the first bad one.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 1M >vcms/out/len

# All.
put vcms/out/reserve "64K name=a${NL}64K name=b${NL}64K name=c"
is "a${NL}b${NL}c" ls vcms/out/reservations
assert_reads vcms/out/reservations/c/addr 0x20000

# None: whichever line is bad, for whichever reason, the errno is of the first bad one.
nothing_changes put_fails EEXIST vcms/out/reserve "64K name=d${NL}64K name=a${NL}64K name=e"
says '\ba\b'
nothing_changes put_fails EINVAL vcms/out/reserve "64K name=d${NL}64K name=e${NL}banana"
says banana
nothing_changes put_fails EADDRINUSE vcms/out/reserve "64K name=d${NL}64K at=0${NL}banana"
nothing_changes put_fails EEXIST vcms/out/reserve "64K name=d${NL}64K name=d"
nothing_changes put_fails ENOMEM vcms/out/reserve "512K${NL}512K"
nothing_changes put_fails EADDRINUSE vcms/out/reserve "64K at=512K${NL}64K at=512K"
# The auto names of what did not happen are free again.
put vcms/out/reserve 4K
assert_exists vcms/out/reservations/r0

# Blank lines are nothing. A last line without its newline is complete.
"$TRY" write vcms/out/reserve "4K name=f$NL$NL  ${NL}4K name=g"
assert_exists vcms/out/reservations/f
assert_exists vcms/out/reservations/g

# The same for phys/alloc.
nothing_changes put_fails EINVAL phys/alloc "64K name=x${NL}64K name=y blocks=3K"
nothing_changes put_fails ENOMEM phys/alloc "64K name=x${NL}300M name=y"
put phys/alloc "64K name=x${NL}64K name=y"
is "alloc${NL}x${NL}y" sh -c 'ls phys | grep -v "^at$"'
