# A bound is a part of a region that hands out reservations of its own: made, placed, filled, renamed, freed.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out vcms/other
echo 0x1000 >vcms/out/start
echo 128M >vcms/out/len
mkdir vcms/out/bounds/video
assert_reads vcms/out/bounds/video/len 0
assert_reads vcms/out/bounds/video/start ''
nothing_changes put_fails EINVAL vcms/out/bounds/video/reserve 4K
says video

# vcm_create_bound: the region finds a place.
nothing_changes put_fails EINVAL vcms/out/bounds/video/len 1000
nothing_changes put_fails EINVAL vcms/out/bounds/video/len 256M
put vcms/out/bounds/video/len 64K
assert_reads vcms/out/bounds/video/start 0x1000
assert_reads vcms/out/bounds/video/len 65536
assert_reads vcms/out/free $((134217728 - 65536))
# It is a use of the region, and its range is nobody else's.
put_fails EBUSY vcms/out/len 256M
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out
says video
nothing_changes put_fails EADDRINUSE vcms/out/reserve "4K at=0x3000"
says video
put vcms/out/reserve "4K name=outside"
assert_reads vcms/out/reservations/outside/addr 0x11000

# vcm_reserve_from_bound, in both ways.
put vcms/out/bounds/video/reserve "4K name=one"
put vcms/out/reserve "8K bound=video name=two"
assert_reads vcms/out/reservations/one/addr 0x1000
assert_reads vcms/out/reservations/two/addr 0x2000
assert_reads vcms/out/bounds/video/free $((65536 - 12288))
assert_reads vcms/out/bounds/video/largest_free $((65536 - 12288))
nothing_changes put_fails ENOMEM vcms/out/bounds/video/reserve 64K
says 53248
nothing_changes put_fails EINVAL vcms/out/bounds/video/reserve "4K at=0x100000"
nothing_changes put_fails EINVAL vcms/out/bounds/video/reserve "4K bound=other"
nothing_changes put_fails ENOENT vcms/out/reserve "4K bound=audio"
nothing_changes put_fails EEXIST vcms/out/bounds/video/reserve "4K name=a${NL}4K name=one"
is r0 "$TRY" ask vcms/out/bounds/video/reserve "4K$NL"
rmdir vcms/out/reservations/r0

# With reservations inside it stays as it is; its name does not matter.
nothing_changes put_fails EBUSY vcms/out/bounds/video/len 128K
nothing_changes assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out/bounds/video
says video vcms/out/bounds/video
mv vcms/out/bounds/video vcms/out/bounds/film
assert_reads vcms/out/bounds/film/start 0x1000
put vcms/out/reserve "4K bound=film name=three"
assert_fails_with mkdir:EEXIST "$TRY" mkdir vcms/out/bounds/film
assert_fails_with mkdir:EINVAL "$TRY" mkdir vcms/out/bounds/.film
if quiet "$TRY" rename vcms/out/bounds/film vcms/other/bounds/film; then fail "a bound moved to another region"; fi
rmdir vcms/out/reservations/one vcms/out/reservations/two vcms/out/reservations/three
put vcms/out/bounds/film/len 0
assert_reads vcms/out/bounds/film/start ''
assert_reads vcms/out/free $((134217728 - 4096))
put vcms/out/bounds/film/len 1M
rmdir vcms/out/bounds/film
assert_reads vcms/out/free $((134217728 - 4096))
