// try: make one system call (or one open file's worth of them) and say exactly how it ended.
//
// A shell tells of a failure in its own words: dash calls every failed echo an "I/O error". A test of an
// exact errno needs the call itself. Success: the result on standard output, status 0. Failure: the call
// that failed and the errno's name on standard error ("write: EBUSY"), status 1. Wrong use: status 2.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char usage[] =
    "use: try [-u UID] CALL ARGUMENT...\n"
    "  mkdir PATH [MODE] | rmdir PATH | unlink PATH | rename FROM TO | link FROM TO\n"
    "  symlink TARGET PATH | readlink PATH | truncate PATH SIZE | chmod PATH MODE | chown PATH UID\n"
    "  mknod PATH | stat PATH | lstat PATH | statvfs PATH | access PATH rwx\n"
    "  open PATH FLAG,FLAG...      rdonly wronly rdwr creat excl trunc append nonblock directory nofollow\n"
    "  write PATH TEXT [OFFSET]    one open, one write(2), one close; TEXT - is all of standard input\n"
    "  ask PATH TEXT [TEXT...]     one open file: each TEXT is one write(2), then all that can be read\n"
    "  read PATH [OFFSET [LENGTH]] one open, one pread(2)\n"
    "  read-descriptor NUMBER OFFSET LENGTH    one pread(2) of a descriptor that is open already\n"
    "  mmap-read PATH OFFSET LENGTH | mmap-write PATH OFFSET TEXT    MAP_SHARED; a SIGBUS is `touch: SIGBUS`\n"
    "  mmap-private PATH OFFSET LENGTH\n"
    "  copy-range FROM OFFSET TO OFFSET LENGTH    one copy_file_range(2)\n"
    "  getxattr PATH NAME | setxattr PATH NAME VALUE | listxattr PATH | removexattr PATH NAME\n"
    "  fallocate PATH OFFSET LENGTH | seek-data PATH OFFSET | seek-hole PATH OFFSET | fsync PATH\n"
    "  poll PATH MILLISECONDS      the events that came, by name\n"
    "  message ERRNO | number ERRNO\n";

static int failed(const char *call) {
  const char *name = strerrorname_np(errno);
  fprintf(stderr, "%s: %s\n", call, name ? name : "EUNKNOWN");
  return 1;
}

static int wrong_use(void) {
  fputs(usage, stderr);
  return 2;
}

static int answer(const char *call, int result) { return result == -1 ? failed(call) : 0; }

static long long number(const char *text) {
  char *end = NULL;
  errno = 0;
  long long value = strtoll(text, &end, 0);
  if (errno || end == text || *end) {
    fprintf(stderr, "try: not a number: %s\n", text);
    exit(2);
  }
  return value;
}

static int flags_of(char *text) {
  static const struct { const char *name; int value; } known[] = {
      {"rdonly", O_RDONLY}, {"wronly", O_WRONLY},     {"rdwr", O_RDWR},     {"creat", O_CREAT},
      {"excl", O_EXCL},     {"trunc", O_TRUNC},       {"append", O_APPEND}, {"nonblock", O_NONBLOCK},
      {"nofollow", O_NOFOLLOW}, {"directory", O_DIRECTORY}, {"direct", O_DIRECT}};
  int flags = 0;
  for (char *word = strtok(text, ","); word; word = strtok(NULL, ",")) {
    size_t i = 0;
    while (i < sizeof known / sizeof *known && strcmp(known[i].name, word)) i++;
    if (i == sizeof known / sizeof *known) exit(wrong_use());
    flags |= known[i].value;
  }
  return flags;
}

// All of standard input, so that a text of any length is one write(2).
static char *all_input(size_t *length) {
  size_t room = 1 << 16;
  char *text = malloc(room);
  *length = 0;
  for (;;) {
    ssize_t got = text ? read(0, text + *length, room - *length) : -1;
    if (got < 0) exit(2);
    if (got == 0) return text;
    *length += (size_t)got;
    if (*length == room) text = realloc(text, room *= 2);
  }
}

static int write_once(int descriptor, char *text, long long offset) {
  size_t length = strlen(text);
  if (!strcmp(text, "-")) text = all_input(&length);
  ssize_t done = offset < 0 ? write(descriptor, text, length) : pwrite(descriptor, text, length, offset);
  if (done == -1) return failed("write");
  if ((size_t)done != length) printf("%zd of %zu\n", done, length);
  return 0;
}

static int write_file(char *path, char *text, long long offset) {
  int descriptor = open(path, O_WRONLY);
  if (descriptor == -1) return failed("open");
  int status = write_once(descriptor, text, offset);
  if (close(descriptor) == -1 && status == 0) return failed("close");
  return status;
}

static int ask(char **arguments) {
  int descriptor = open(arguments[0], O_RDWR);
  if (descriptor == -1) return failed("open");
  for (char **text = arguments + 1; *text; text++)
    if (write_once(descriptor, *text, -1)) return 1;
  char buffer[1 << 16];
  for (long long offset = 0;;) {
    ssize_t got = pread(descriptor, buffer, sizeof buffer, offset);
    if (got == -1) return failed("read");
    if (got == 0) return answer("close", close(descriptor));
    fwrite(buffer, 1, (size_t)got, stdout);
    offset += got;
  }
}

static int read_descriptor(int descriptor, long long offset, long long length) {
  char *buffer = malloc(length > 0 ? (size_t)length : 1);
  ssize_t got = buffer ? pread(descriptor, buffer, (size_t)length, offset) : -1;
  if (got == -1) return failed("read");
  fwrite(buffer, 1, (size_t)got, stdout);
  return answer("close", close(descriptor));
}

static int read_file(char *path, long long offset, long long length) {
  int descriptor = open(path, O_RDONLY);
  return descriptor == -1 ? failed("open") : read_descriptor(descriptor, offset, length);
}

static void bus_error(int signal) {
  (void)signal;
  static const char words[] = "touch: SIGBUS\n";
  _exit(write(STDERR_FILENO, words, sizeof words - 1) == -1 ? 2 : 1);
}

static int map_file(char *path, long long offset, long long length, const char *text, int kind) {
  signal(SIGBUS, bus_error);
  int descriptor = open(path, text ? O_RDWR : O_RDONLY);
  if (descriptor == -1) return failed("open");
  long long page = sysconf(_SC_PAGESIZE), start = offset & -page;
  size_t size = (size_t)(offset - start + length);
  char *bytes = mmap(NULL, size, PROT_READ | (text ? PROT_WRITE : 0), kind, descriptor, start);
  if (bytes == MAP_FAILED) return failed("mmap");
  if (text) {
    memcpy(bytes + (offset - start), text, (size_t)length);
    return answer("msync", msync(bytes, size, MS_SYNC));
  }
  fwrite(bytes + (offset - start), 1, (size_t)length, stdout);
  return 0;
}

static int copy_range(char *from, long long from_offset, char *to, long long to_offset, long long length) {
  int source = open(from, O_RDONLY), target = open(to, O_WRONLY);
  if (source == -1 || target == -1) return failed("open");
  off_t in = from_offset, out = to_offset;
  ssize_t got = copy_file_range(source, &in, target, &out, (size_t)length, 0);
  if (got == -1) return failed("copy_file_range");
  printf("%zd\n", got);
  return answer("close", close(target));
}

static int poll_file(char *path, int milliseconds) {
  int descriptor = open(path, O_RDONLY | O_NONBLOCK);
  if (descriptor == -1) return failed("open");
  struct pollfd one = {descriptor, POLLIN | POLLPRI, 0};
  if (poll(&one, 1, milliseconds) == -1) return failed("poll");
  printf("%s%s%s%s\n", one.revents & POLLIN ? "in " : "", one.revents & POLLPRI ? "pri " : "",
         one.revents & POLLERR ? "err " : "", one.revents & POLLHUP ? "hup " : "");
  return 0;
}

static int on_descriptor(const char *call, char **argument) {
  int descriptor = open(argument[0], strcmp(call, "fallocate") ? O_RDONLY : O_WRONLY);
  if (descriptor == -1) return failed("open");
  if (!strcmp(call, "fsync")) return answer(call, fsync(descriptor));
  if (!strcmp(call, "fallocate"))
    return answer(call, fallocate(descriptor, 0, number(argument[1]), number(argument[2])));
  long long found =
      lseek(descriptor, number(argument[1]), strcmp(call, "seek-data") ? SEEK_HOLE : SEEK_DATA);
  if (found == -1) return failed(call);
  printf("%lld\n", found);
  return 0;
}

static int show_bytes(const char *call, const char *bytes, ssize_t length, char separator) {
  if (length == -1) return failed(call);
  for (ssize_t i = 0; i < length; i++) putchar(bytes[i] ? bytes[i] : separator);
  if (length && bytes[length - 1]) putchar('\n');
  return 0;
}

static int show_stat(const char *call, char *path) {
  struct stat found;
  if ((strcmp(call, "stat") ? lstat : stat)(path, &found) == -1) return failed(call);
  printf("mode=%o ino=%llu nlink=%llu size=%lld blocks=%lld\n", found.st_mode,
         (unsigned long long)found.st_ino, (unsigned long long)found.st_nlink, (long long)found.st_size,
         (long long)found.st_blocks);
  return 0;
}

static int access_mode(const char *text) {
  return (strchr(text, 'r') ? R_OK : 0) | (strchr(text, 'w') ? W_OK : 0) | (strchr(text, 'x') ? X_OK : 0);
}

static int errno_named(const char *name) {
  for (int i = 1; i < 4096; i++) {
    const char *known = strerrorname_np(i);
    if (known && !strcmp(known, name)) return i;
  }
  fprintf(stderr, "try: no such errno: %s\n", name);
  exit(2);
}

static int run(const char *call, int count, char **a) {
  char buffer[1 << 16];
#define CALL(name, least) if (!strcmp(call, name) && count >= (least))
  CALL("mkdir", 1) return answer(call, mkdir(a[0], count > 1 ? (mode_t)strtol(a[1], NULL, 8) : 0777));
  CALL("rmdir", 1) return answer(call, rmdir(a[0]));
  CALL("unlink", 1) return answer(call, unlink(a[0]));
  CALL("rename", 2) return answer(call, rename(a[0], a[1]));
  CALL("link", 2) return answer(call, link(a[0], a[1]));
  CALL("symlink", 2) return answer(call, symlink(a[0], a[1]));
  CALL("readlink", 1) return show_bytes(call, buffer, readlink(a[0], buffer, sizeof buffer), ' ');
  CALL("truncate", 2) return answer(call, truncate(a[0], number(a[1])));
  CALL("chmod", 2) return answer(call, chmod(a[0], (mode_t)strtol(a[1], NULL, 8)));
  CALL("chown", 2) return answer(call, chown(a[0], (uid_t)number(a[1]), (gid_t)-1));
  CALL("mknod", 1) return answer(call, mknod(a[0], S_IFIFO | 0644, 0));
  CALL("stat", 1) return show_stat(call, a[0]);
  CALL("lstat", 1) return show_stat(call, a[0]);
  CALL("access", 2) return answer(call, access(a[0], access_mode(a[1])));
  CALL("open", 2) return answer(call, open(a[0], flags_of(a[1]), 0644));
  CALL("write", 2) return write_file(a[0], a[1], count > 2 ? number(a[2]) : -1);
  CALL("ask", 1) return ask(a);
  CALL("read", 1) return read_file(a[0], count > 1 ? number(a[1]) : 0, count > 2 ? number(a[2]) : 1 << 20);
  CALL("read-descriptor", 3) return read_descriptor((int)number(a[0]), number(a[1]), number(a[2]));
  CALL("mmap-read", 3) return map_file(a[0], number(a[1]), number(a[2]), NULL, MAP_SHARED);
  CALL("mmap-private", 3) return map_file(a[0], number(a[1]), number(a[2]), NULL, MAP_PRIVATE);
  CALL("mmap-write", 3) return map_file(a[0], number(a[1]), (long long)strlen(a[2]), a[2], MAP_SHARED);
  CALL("copy-range", 5) return copy_range(a[0], number(a[1]), a[2], number(a[3]), number(a[4]));
  CALL("getxattr", 2) return show_bytes(call, buffer, lgetxattr(a[0], a[1], buffer, sizeof buffer), ' ');
  CALL("listxattr", 1) return show_bytes(call, buffer, llistxattr(a[0], buffer, sizeof buffer), '\n');
  CALL("setxattr", 3) return answer(call, lsetxattr(a[0], a[1], a[2], strlen(a[2]), 0));
  CALL("removexattr", 2) return answer(call, lremovexattr(a[0], a[1]));
  CALL("fallocate", 3) return on_descriptor(call, a);
  CALL("seek-data", 2) return on_descriptor(call, a);
  CALL("seek-hole", 2) return on_descriptor(call, a);
  CALL("fsync", 1) return on_descriptor(call, a);
  CALL("poll", 2) return poll_file(a[0], (int)number(a[1]));
  CALL("message", 1) return puts(strerror(errno_named(a[0]))) < 0;
  CALL("number", 1) return printf("%d\n", errno_named(a[0])) < 0;
  CALL("statvfs", 1) {
    struct statvfs found;
    if (statvfs(a[0], &found) == -1) return failed(call);
    printf("bsize=%lu blocks=%llu bfree=%llu bavail=%llu namemax=%lu\n", found.f_bsize,
           (unsigned long long)found.f_blocks, (unsigned long long)found.f_bfree,
           (unsigned long long)found.f_bavail, found.f_namemax);
    return 0;
  }
  return wrong_use();
}

int main(int count, char **arguments) {
  arguments++, count--;
  if (count >= 2 && !strcmp(arguments[0], "-u")) {
    uid_t user = (uid_t)number(arguments[1]);
    if (setgroups(0, NULL) || setgid((gid_t)user) || setuid(user)) return failed("setuid");
    arguments += 2, count -= 2;
  }
  return count < 1 ? wrong_use() : run(arguments[0], count - 1, arguments + 1);
}
