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
# Bytes that are no text have a sentence too, and are shown in it; a name to look at is just not there.
assert_fails_with mkdir:EINVAL "$TRY" mkdir "vcms/$(printf 'caf\351')"
is "EINVAL: 'caf\\xe9' is not UTF-8 text" cat last_error
mkdir vcms/out
assert_fails_with rename:EINVAL "$TRY" rename vcms/out "vcms/$(printf 'o\377t')"
is "EINVAL: 'o\\xfft' is not UTF-8 text" cat last_error
assert_fails_with symlink:EINVAL "$TRY" symlink "devices/$(printf '\351')" vcms/out/devices/video_dec
is "EINVAL: 'devices/\\xe9' is not UTF-8 text" cat vcms/out/last_error
assert_fails_with lstat:ENOENT "$TRY" lstat "vcms/$(printf 'caf\351')"
