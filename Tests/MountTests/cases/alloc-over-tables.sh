# vcm_map_phys_addr of a range with page tables in it is EBUSY; the same range is free when the tables are gone.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
ln -s devices/video_dec vcms/out/devices/video_dec
echo 1 >vcms/out/active
table=$(sed -n 's/^table=//p' vcms/out/associations/video_dec/root)
nothing_changes put_fails EBUSY phys/alloc "4K at=$table name=spy"
says 'EBUSY: .*page tables'
nothing_changes put_fails EBUSY phys/alloc "1M at=$table"
nothing_changes put_fails EINVAL phys/alloc "4K at=0x80000800"
nothing_changes put_fails EINVAL phys/alloc "64K at=0xfffffffffffff000"
echo 0 >vcms/out/active
put phys/alloc "4K at=$table name=spy"
is "$table 4096" cat phys/spy/chunks
# What a buffer lies over is no place for tables.
echo 1 >vcms/out/active
[ "$(sed -n 's/^table=//p' vcms/out/associations/video_dec/root)" != "$table" ] || fail "a table lies in a buffer"
