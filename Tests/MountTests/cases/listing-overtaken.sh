# What changes while a listing with its attributes is on its way is not believed to be as it was.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need cc
mount_vcmfs
cc -O1 -Wall -Wextra -o "$W/overtaken" "$VCMFS_REPO/Tests/MountTests/overtaken.c" -lpthread
cd "$M"

mkdir vcms/out
put vcms/out/len 1M
# The region's directory is listed, and nobody has looked at `free` yet, which a reservation makes a digit shorter.
"$W/overtaken" vcms/out vcms/out/reserve 64K vcms/out/free 7 || {
  [ $? = 77 ] && skip 'no userfaultfd here: a reader cannot be stopped in the middle of a listing'
  fail 'the length of before the change is believed'
}
is 983040 cat vcms/out/free
