# phys/alloc: every malformed or impossible request has its exact errno, a sentence, and changes nothing.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

echo "64K name=taken" >phys/alloc
state >"$W/before"
bad() {
  put_fails "$1" phys/alloc "$2"
  says "${3:-.}"
}
for size in x 0 4X 1.5M -4K 0x; do bad EINVAL "$size"; done
bad EINVAL 100 100
bad EINVAL '64K colour=red' colour
bad EINVAL '64K contiguous=yes'
bad EINVAL '64K name=a name=b'
bad EINVAL '64K prot=r' prot
bad EINVAL '64K blocks='
bad EINVAL '64K blocks=x'
bad EINVAL '64K blocks=3K'
bad EINVAL '64K blocks=64K,'
bad EINVAL '64K align=3K'
bad EINVAL '64K align=x'
bad EINVAL '96K blocks=64K'
bad EINVAL '64K name=a/b'
bad EINVAL '64K name=.a'
bad ENAMETOOLONG "64K name=$(printf '%0256d' 0)"
bad EEXIST '64K name=taken' taken
# `alloc` is a file of phys.
bad EEXIST '64K name=alloc' alloc
bad EINVAL '64K at=nowhere' nowhere
bad EINVAL '64K at=0x80000800'
bad ENOMEM 257M
bad ENOMEM '65M memtype=mt1 blocks=1M'
bad ENOMEM '1T memtype=mt0,mt1'
bad EINVAL '64K memtype=mt9' mt9
state >"$W/after"
assert_eq '' "$(diff "$W/before" "$W/after")" 'something changed'
