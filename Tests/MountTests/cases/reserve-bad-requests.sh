# reserve: every malformed or impossible request has its exact errno, a sentence, and changes nothing.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

mkdir vcms/out
echo 1M >vcms/out/len
echo "64K at=64K name=taken" >vcms/out/reserve
state >"$W/before"
bad() {
  put_fails "$1" vcms/out/reserve "$2"
  says "${3:-.}"
  says "${3:-.}" vcms/out
}

# Sizes.
for size in x 4X 4.5K 0x 0xZZ -4K +4K 4K4K 1e6 K; do bad EINVAL "$size" ; done
bad EINVAL 0
bad EINVAL 100 100
bad EINVAL 4097 4097
bad EINVAL 6000 '4096|8192'
bad EINVAL 2M 2097152
bad EINVAL '4K 4K'
# More than 64 bits.
for size in 18446744073709551616 99999999999T 0x10000000000000000; do
  if quiet "$TRY" write vcms/out/reserve "$size$NL"; then fail "took a size of $size"; fi
done

# Keys.
bad EINVAL '4K colour=red' colour
bad EINVAL '4K name' name
bad EINVAL '4K =r' 
bad EINVAL '4K readonly' readonly
bad EINVAL '4K name=a name=b' name
bad EINVAL '4K prot=r prot=r' prot
bad EINVAL 'name=a'
bad EINVAL 'name=a 4K'
bad EINVAL '4K user supervisor'
bad EINVAL '4K memtype=mt0' memtype

# Values.
bad EINVAL '4K prot='
bad EINVAL '4K prot=q' q
bad EINVAL '4K prot=rr'
bad EINVAL '4K prot=RW'
bad EINVAL '4K cache=' 
bad EINVAL '4K cache=hot' hot
bad EINVAL '4K align=' 
bad EINVAL '4K align=x'
bad EINVAL '4K align=3K'
bad EINVAL '4K align=0'
bad EINVAL '4K align=12K' '12288|12K'
bad EINVAL '4K align=2K'
bad EINVAL '4K at='
bad EINVAL '4K at=here' here
bad EINVAL '4K at=0x800' 0x800
bad EINVAL '4K name='
bad EINVAL '4K name=a/b'
bad EINVAL '4K name=.a'
bad EINVAL '4K name=..'
bad ENAMETOOLONG "4K name=$(printf '%0256d' 0)"
bad EINVAL "4K name=$(printf 'a\001')"
bad EINVAL "4K name=$(printf '\377')"

# Places.
bad EADDRINUSE '4K at=64K' taken
bad EADDRINUSE '64K at=0x1f000' taken
bad EADDRINUSE '256K at=0' taken
bad EINVAL '4K at=1M'
bad EINVAL '8K at=0xff000'
bad EINVAL '4K at=0xfffffffffffff000'
bad EEXIST '4K name=taken' taken
bad ENOENT '4K bound=video' video

# No room: the largest free run is what is left after `taken`.
bad ENOMEM 960K 917504
bad ENOMEM '512K align=1M' 
state >"$W/after"
assert_eq '' "$(diff "$W/before" "$W/after")" 'something changed'
