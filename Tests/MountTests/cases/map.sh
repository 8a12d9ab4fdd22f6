# map allocates, reserves and backs in one line; of several lines all happen, or none of the three of any.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 1M >vcms/out/len
is "frame" "$TRY" ask vcms/out/map "64K name=frame prot=r cache=wt memtype=mt1 align=64K$NL"
assert_reads vcms/out/reservations/frame/attr 'prot=r cache=wt user'
assert_reads phys/frame/memtype mt1
same 'readlink -f vcms/out/reservations/frame/backing' 'readlink -f phys/frame'
is "r0" "$TRY" ask vcms/out/map "64K$NL"
put vcms/out/map "4K name=view buffer=window phys=0x84000000 at=0x80000"
is '0x84000000 4096' cat phys/window/chunks
assert_reads vcms/out/reservations/view/addr 0x80000
has 'buffer=' cat vcms/out/map

# Whichever of the three cannot be: nothing is.
nothing_changes put_fails EEXIST vcms/out/map "4K name=frame"
nothing_changes put_fails EEXIST vcms/out/map "4K name=new buffer=frame"
nothing_changes put_fails ENOMEM vcms/out/map "65M memtype=mt1"
nothing_changes put_fails ENOMEM vcms/out/map "960K"
nothing_changes put_fails EADDRINUSE vcms/out/map "4K at=0x80000"
nothing_changes put_fails EINVAL vcms/out/map "4K colour=red"
nothing_changes put_fails EINVAL vcms/out/map "5000"
nothing_changes put_fails EEXIST vcms/out/map "4K name=a${NL}4K name=b${NL}4K name=frame"
nothing_changes put_fails EINVAL vcms/out/map "4K name=a${NL}banana"
ln -s devices/video_dec vcms/out/devices/video_dec
nothing_changes put_fails EAGAIN vcms/out/map "4K name=inactive"
says video_dec
