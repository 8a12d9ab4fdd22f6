# inotifywait sees changes that are made through the mount.
. "${VCMFS_TEST_LIB:?run me by Tests/MountTests/run}"
need inotifywait mkfifo
mount_vcmfs
cd "$M"

mkdir vcms/out
mkfifo "$W/ready"
inotifywait -m -e create,delete,modify,moved_to --format '%e %w%f' vcms vcms/out/start vcms/out/devices \
  >"$W/events" 2>"$W/ready" &
watcher=$!
# "Watches established." is the event to wait for.
while read -r line; do
  case $line in *established*) break ;; esac
done <"$W/ready"
mkdir vcms/new
echo 0x1000 >vcms/out/start
ln -s devices/dma vcms/out/devices/dma
mv vcms/new vcms/newer
rmdir vcms/newer
saw() { grep -q "$1" "$W/events"; }
wait_until saw 'CREATE,ISDIR vcms/new'
wait_until saw 'MODIFY vcms/out/start'
wait_until saw 'CREATE vcms/out/devices/dma'
wait_until saw 'MOVED_TO,ISDIR vcms/newer'
wait_until saw 'DELETE,ISDIR vcms/newer'
kill "$watcher"
wait "$watcher" 2>/dev/null || true
