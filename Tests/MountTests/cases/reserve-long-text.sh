# A request text of more than one kernel write is put together again; a bad line at its end undoes it all.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need python3
mount_vcmfs
cd "$M"

mkdir vcms/out
# 30,000 lines, about 1.3 MB: more than the largest write that the kernel sends.
python3 - "$W/good" "$W/bad" <<'END'
import sys
lines = [f"4K prot=r cache=none name=reservation_number_{i:07}\n" for i in range(30000)]
open(sys.argv[1], "w").write("".join(lines))
open(sys.argv[2], "w").write("".join(lines) + "4K prot=q\n")
END
[ "$(wc -c <"$W/good")" -gt 1048576 ] || fail "the text is not long enough"
# The kernel tells of an error behind the first piece as a short write; whoever writes the rest then gets the error.
assert_fails_with EINVAL dd if="$W/bad" of=vcms/out/reserve bs=8M status=none
says 'prot|q'
is 0 sh -c 'ls -f vcms/out/reservations | grep -c reservation || true'
assert_reads vcms/out/free 4294967296

"$TRY" write vcms/out/reserve - <"$W/good"
is 30000 sh -c 'ls vcms/out/reservations | wc -l'
assert_reads vcms/out/reservations/reservation_number_0029999/addr 0x752f000
is 30000 sh -c 'find vcms/out/reservations -maxdepth 1 -name "reservation_*" | sort -u | wc -l'
assert_reads vcms/out/free $((4294967296 - 30000 * 4096))
