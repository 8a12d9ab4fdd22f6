# Names of regions: 1-255 bytes of UTF-8, no control characters, no leading dot, each once.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
mount_vcmfs
cd "$M"

long=$(printf '%0255d' 0)
mkdir "vcms/$long"
assert_reads "vcms/$long/start" 0x0
rmdir "vcms/$long"
assert_fails_with mkdir:ENAMETOOLONG "$TRY" mkdir "vcms/0$long"

for name in 'Vidéo 1' '日本' 'a=b' '-n' 'a..b' '%s' '~' 'x:y' '"q"'; do
  mkdir -- "vcms/$name"
  assert_reads "vcms/$name/type" device
done
is 9 sh -c 'ls vcms | wc -l'
for name in 'Vidéo 1' '日本' 'a=b' '-n' 'a..b' '%s' '~' 'x:y' '"q"'; do rmdir -- "vcms/$name"; done
is '' ls vcms

for name in .hidden ... "$(printf 'a\tb')" "$(printf 'a\nb')" "$(printf '\177')" "$(printf '\377')" "$(printf 'a\300\200')"; do
  assert_fails_with mkdir:EINVAL "$TRY" mkdir "vcms/$name"
  says .
done
is '' ls -A vcms
