# last_error: one sentence for each failure, naming the value; empty before the first; each object has its own.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

assert_reads last_error ''
mkdir vcms/out vcms/other
assert_reads vcms/out/last_error ''
echo 1M >vcms/out/len
put_fails EINVAL vcms/out/reserve "4K colour=red"
says colour
says colour vcms/out
assert_reads vcms/other/last_error ''
put_fails EINVAL vcms/other/len banana
says banana
says banana vcms/other
says colour vcms/out
# A success does not wipe it.
echo 4K name=r >vcms/out/reserve
says banana
assert_fails_with rmdir:EBUSY "$TRY" rmdir vcms/out
says out
put_fails EINVAL vcms/out/reservations/r/attr 'prot=q'
says q vcms/out/reservations/r
put_fails EINVAL phys/alloc '4K blocks=3K'
says 3072
put_fails EINVAL devices/dma/format nothing_such
says nothing_such devices/dma
# Sentences are for people: a capital letter or a name first, a full stop last, no errno in them.
assert_fails_with mkdir:EINVAL "$TRY" mkdir vcms/.x
hasnt 'errno|VCMError|Swift' cat last_error
