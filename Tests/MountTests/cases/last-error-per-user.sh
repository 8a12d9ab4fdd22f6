# last_error at the root is one for each uid.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need_user
mount_vcmfs -o allow_other,default_permissions
cd "$M"

mkdir vcms/out
put_fails EINVAL vcms/out/len banana
says banana
is '' as_nobody cat last_error
# What another user may not do is refused by the modes; a failure of root's own is not shown to them.
if quiet as_nobody "$TRY" mkdir vcms/theirs; then fail "nobody made a region"; fi
if quiet as_nobody "$TRY" write vcms/out/len "64K$NL"; then fail "nobody wrote a length"; fi
if quiet as_nobody cat memory/physical; then fail "nobody reads physical memory"; fi
is device as_nobody cat vcms/out/type
says banana
is '' as_nobody cat last_error
