# sed -i and vim fail cleanly where a file cannot be replaced: an error, EPERM, and the file unchanged.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
topology
cd "$M"

state >"$W/before"
assert_fails_with EPERM sed -i 's/0x1000/0x2000/' vcms/out/start
assert_fails_with open:EPERM "$TRY" open vcms/out/new creat,wronly
assert_fails_with open:EPERM "$TRY" open vcms/new creat,wronly
assert_fails_with open:EPERM "$TRY" open new creat,wronly
assert_fails_with open:EPERM "$TRY" open phys/buffer/new creat,excl,wronly
assert_fails_with rename:EPERM "$TRY" rename vcms/out/len vcms/out/start
if quiet cp -f --remove-destination vcms/out/len vcms/out/start; then fail "a file was replaced"; fi
ls vcms/out >/dev/null
if quiet mv "$W/words" vcms/out/words; then fail "a file was moved in"; fi
if quiet cp "$W/words" vcms/out/words; then fail "a file was copied in"; fi
if quiet touch vcms/out/words; then fail "a file was made"; fi
state >"$W/after"
assert_eq '' "$(diff "$W/before" "$W/after")" 'something changed'
if command -v vim >/dev/null; then
  # vim writes in place where it may not make a new file: what it writes is a value.
  quiet timeout 20 vim -es -u NONE -n +'%s/0x1000/banana/' +'wq!' vcms/out/start </dev/null || true
  assert_reads vcms/out/start 0x1000
fi
