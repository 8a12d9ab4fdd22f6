// Loaded into vcmfs under valgrind: valgrind holds its lock while stat(2) waits, and so the mount would never answer the stat
// by which vcmfs asks itself whether it does; while open(2) waits it lets go.
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int stat(const char *restrict path, struct stat *restrict status) {
  int file = open(path, O_RDONLY | O_DIRECTORY);
  if (file < 0) return -1;
  close(file);
  memset(status, 0, sizeof *status);
  status->st_mode = S_IFDIR | 0755;
  return 0;
}
