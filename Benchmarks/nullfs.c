// A null filesystem on libfuse3's low-level API: what a request costs when the filesystem has nothing to do.
//
// The tree hardly changes: /a/b/attr (a short text), /a/b/many (a directory of N directories, as reservations are),
// /a/b/memory (a file in a memfd), /a/b/work/old (a symbolic link), and /a and /a/b/work, in which every mkdir, symlink,
// unlink, rmdir and rename succeeds and nothing stays. Writes are taken and forgotten.
//
// nullfs [--direct-io] [--keep-cache] [--keep-listings] [--xattr] [--timeout=SECONDS] [--entries=N] [--memory=BYTES]
//        [--threads=N] MOUNTPOINT
//
// --keep-cache keeps pages and listings; --keep-listings listings alone, and each write gives /a/b/many another time, so that
// what was kept of it is no longer believed; --xattr answers that no file has the extended attribute that is asked for, where
// otherwise the kernel is told that there are none at all, and never asks again.
//
// It stays in the foreground, ends at SIGTERM, and uses what serves FUSE best on few cores: one device descriptor for
// each thread, no splicing, no write-back cache.

#define _GNU_SOURCE
#define FUSE_USE_VERSION 314

#include <fuse_lowlevel.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROOT = FUSE_ROOT_ID, A, B, ATTR, LINK, MANY, MEMORY, WORK, WORK_DIRECTORY, WORK_LINK, FIRST_OF_MANY = 1000 };

static const char text[] = "0x0\n";
static const char target[] = "../../a/b/attr";

static struct {
  int direct_io, keep_cache, keep_listings, xattr;
  double timeout;
  unsigned long entries, threads;
  size_t memory_size;
  char *memory;
} options = {.threads = 2};

// How often /a/b/many has changed.
static _Atomic long changes;
static struct fuse_session *session;

static int attributes(fuse_ino_t inode, struct stat *result) {
  memset(result, 0, sizeof *result);
  result->st_ino = inode;
  result->st_nlink = 1;
  result->st_blksize = 4096;
  result->st_mtim.tv_sec = result->st_ctim.tv_sec = result->st_atim.tv_sec = 1000000000;
  if (inode == MANY) result->st_mtim.tv_nsec = result->st_ctim.tv_nsec = changes % 1000000000;
  switch (inode) {
  case ROOT: case A: case B: case MANY: case WORK: case WORK_DIRECTORY:
    result->st_mode = S_IFDIR | 0755;
    result->st_nlink = 2;
    return 0;
  case ATTR:
    result->st_mode = S_IFREG | 0644;
    result->st_size = sizeof text - 1;
    return 0;
  case LINK: case WORK_LINK:
    result->st_mode = S_IFLNK | 0777;
    result->st_size = sizeof target - 1;
    return 0;
  case MEMORY:
    result->st_mode = S_IFREG | 0644;
    result->st_size = options.memory_size;
    return 0;
  default:
    if (inode < FIRST_OF_MANY || inode >= FIRST_OF_MANY + options.entries) return ENOENT;
    result->st_mode = S_IFDIR | 0755;
    result->st_nlink = 2;
    return 0;
  }
}

static fuse_ino_t find(fuse_ino_t parent, const char *name) {
  if (parent == ROOT) return strcmp(name, "a") == 0 ? A : 0;
  if (parent == A) return strcmp(name, "b") == 0 ? B : 0;
  if (parent == MANY && name[0] == 'r') {
    char *end;
    unsigned long number = strtoul(name + 1, &end, 10);
    return *end == 0 && number < options.entries ? FIRST_OF_MANY + number : 0;
  }
  // What a write to attr is said to have made: it can be removed.
  if (parent == WORK && strcmp(name, "made") == 0) return WORK_DIRECTORY;
  if (parent == WORK && strcmp(name, "old") == 0) return LINK;
  if (parent != B) return 0;
  if (strcmp(name, "attr") == 0) return ATTR;
  if (strcmp(name, "many") == 0) return MANY;
  if (strcmp(name, "memory") == 0) return MEMORY;
  return strcmp(name, "work") == 0 ? WORK : 0;
}

// Whether names come and go in a directory.
static int changes_in(fuse_ino_t directory) { return directory == A || directory == WORK; }

static struct fuse_entry_param entry_of(fuse_ino_t inode) {
  struct fuse_entry_param entry = {
    .ino = inode, .attr_timeout = options.timeout, .entry_timeout = options.timeout};
  attributes(inode, &entry.attr);
  return entry;
}

static void reply_entry(fuse_req_t request, fuse_ino_t inode) {
  struct fuse_entry_param entry = entry_of(inode);
  fuse_reply_entry(request, &entry);
}

static void null_lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
  fuse_ino_t inode = find(parent, name);
  if (inode == 0) fuse_reply_err(request, ENOENT);
  else reply_entry(request, inode);
}

static void null_getattr(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *info) {
  (void)info;
  struct stat result;
  int error = attributes(inode, &result);
  if (error) fuse_reply_err(request, error);
  else fuse_reply_attr(request, &result, options.timeout);
}

static void null_setattr(fuse_req_t request, fuse_ino_t inode, struct stat *change, int fields,
                         struct fuse_file_info *info) {
  (void)change;
  (void)fields;
  null_getattr(request, inode, info);
}

static void null_readlink(fuse_req_t request, fuse_ino_t inode) {
  (void)inode;
  fuse_reply_readlink(request, target);
}

static void null_open(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *info) {
  (void)inode;
  info->direct_io = options.direct_io;
  info->keep_cache = options.keep_cache;
  info->noflush = 1;
  fuse_reply_open(request, info);
}

static void null_read(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)info;
  const char *content = inode == MEMORY ? options.memory : text;
  size_t length = inode == MEMORY ? options.memory_size : sizeof text - 1;
  if (offset < 0 || (size_t)offset >= length) fuse_reply_buf(request, NULL, 0);
  else fuse_reply_buf(request, content + offset, size < length - offset ? size : length - offset);
}

static void null_write(fuse_req_t request, fuse_ino_t inode, const char *bytes, size_t size, off_t offset,
                       struct fuse_file_info *info) {
  (void)info;
  if (inode == MEMORY && offset >= 0 && (size_t)offset < options.memory_size) {
    size_t room = options.memory_size - offset;
    memcpy(options.memory + offset, bytes, size < room ? size : room);
  }
  if (options.keep_listings) {
    changes++;
    fuse_lowlevel_notify_inval_inode(session, MANY, -1, 0);
  }
  fuse_reply_write(request, size);
}

static void null_release(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *info) {
  (void)inode;
  (void)info;
  fuse_reply_err(request, 0);
}

static void null_opendir(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *info) {
  (void)inode;
  info->cache_readdir = info->keep_cache = options.keep_cache || options.keep_listings;
  fuse_reply_open(request, info);
}

static const struct { fuse_ino_t parent, inode; const char *name; } tree[] = {
  {ROOT, A, "a"}, {A, B, "b"}, {B, ATTR, "attr"}, {B, MANY, "many"}, {B, MEMORY, "memory"}, {B, WORK, "work"},
  {WORK, LINK, "old"},
};

static size_t add(fuse_req_t request, char *buffer, size_t room, const char *name, fuse_ino_t inode, off_t next,
                  int plus) {
  struct fuse_entry_param entry = entry_of(inode);
  return plus ? fuse_add_direntry_plus(request, buffer, room, name, &entry, next)
              : fuse_add_direntry(request, buffer, room, name, &entry.attr, next);
}

static void list(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset, int plus) {
  char *buffer = malloc(size);
  size_t used = 0;
  if (!buffer) {
    fuse_reply_err(request, ENOMEM);
    return;
  }
  if (inode == MANY) {
    for (unsigned long number = offset; number < options.entries; number++) {
      char name[32];
      snprintf(name, sizeof name, "r%lu", number);
      size_t length = add(request, buffer + used, size - used, name, FIRST_OF_MANY + number, number + 1, plus);
      if (length > size - used) break;
      used += length;
    }
  } else {
    for (size_t index = offset; index < sizeof tree / sizeof *tree; index++) {
      if (tree[index].parent != inode) continue;
      size_t length = add(request, buffer + used, size - used, tree[index].name, tree[index].inode, index + 1, plus);
      if (length > size - used) break;
      used += length;
    }
  }
  fuse_reply_buf(request, buffer, used);
  free(buffer);
}

static void null_readdir(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)info;
  list(request, inode, size, offset, 0);
}

static void null_readdirplus(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset,
                             struct fuse_file_info *info) {
  (void)info;
  list(request, inode, size, offset, 1);
}

static void null_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode) {
  (void)name;
  (void)mode;
  if (!changes_in(parent)) fuse_reply_err(request, EPERM);
  else reply_entry(request, WORK_DIRECTORY);
}

static void null_symlink(fuse_req_t request, const char *link, fuse_ino_t parent, const char *name) {
  (void)link;
  (void)name;
  if (!changes_in(parent)) fuse_reply_err(request, EPERM);
  else reply_entry(request, WORK_LINK);
}

static void null_remove(fuse_req_t request, fuse_ino_t parent, const char *name) {
  (void)name;
  fuse_reply_err(request, changes_in(parent) ? 0 : EPERM);
}

static void null_rename(fuse_req_t request, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
                        const char *new_name, unsigned int flags) {
  (void)name;
  (void)new_name;
  (void)flags;
  fuse_reply_err(request, changes_in(parent) && changes_in(new_parent) ? 0 : EPERM);
}

static void null_statfs(fuse_req_t request, fuse_ino_t inode) {
  (void)inode;
  struct statvfs result = {.f_bsize = 4096, .f_frsize = 4096, .f_namemax = 255};
  fuse_reply_statfs(request, &result);
}

static void null_forget(fuse_req_t request, fuse_ino_t inode, uint64_t count) {
  (void)inode;
  (void)count;
  fuse_reply_none(request);
}

static void null_getxattr(fuse_req_t request, fuse_ino_t inode, const char *name, size_t size) {
  (void)inode;
  (void)name;
  (void)size;
  fuse_reply_err(request, options.xattr ? ENODATA : ENOSYS);
}

static void null_init(void *context, struct fuse_conn_info *connection) {
  (void)context;
  unsigned want = FUSE_CAP_ASYNC_READ | FUSE_CAP_ASYNC_DIO | FUSE_CAP_PARALLEL_DIROPS | FUSE_CAP_HANDLE_KILLPRIV |
                  FUSE_CAP_ATOMIC_O_TRUNC | FUSE_CAP_CACHE_SYMLINKS | FUSE_CAP_EXPLICIT_INVAL_DATA |
                  FUSE_CAP_READDIRPLUS | FUSE_CAP_READDIRPLUS_AUTO;
  connection->want = connection->capable & want;
  connection->max_read = 1 << 20;
  connection->max_background = 64;
}

static const struct fuse_lowlevel_ops operations = {
  .init = null_init, .lookup = null_lookup, .forget = null_forget, .getattr = null_getattr, .setattr = null_setattr,
  .readlink = null_readlink, .open = null_open, .read = null_read, .write = null_write, .release = null_release,
  .opendir = null_opendir, .readdir = null_readdir, .readdirplus = null_readdirplus, .releasedir = null_release,
  .mkdir = null_mkdir, .symlink = null_symlink, .unlink = null_remove, .rmdir = null_remove, .rename = null_rename,
  .statfs = null_statfs, .getxattr = null_getxattr,
};

static int parse(int count, char **words) {
  static const struct option names[] = {
    {"direct-io", no_argument, NULL, 'd'},       {"keep-cache", no_argument, NULL, 'k'},
    {"keep-listings", no_argument, NULL, 'l'},   {"xattr", no_argument, NULL, 'x'},
    {"timeout", required_argument, NULL, 't'},   {"entries", required_argument, NULL, 'e'},
    {"memory", required_argument, NULL, 'm'},    {"threads", required_argument, NULL, 'n'}, {0}};
  for (int option; (option = getopt_long(count, words, "", names, NULL)) != -1;) {
    switch (option) {
    case 'd': options.direct_io = 1; break;
    case 'k': options.keep_cache = 1; break;
    case 'l': options.keep_listings = 1; break;
    case 'x': options.xattr = 1; break;
    case 't': options.timeout = atof(optarg); break;
    case 'e': options.entries = strtoul(optarg, NULL, 0); break;
    case 'm': options.memory_size = strtoull(optarg, NULL, 0); break;
    case 'n': options.threads = strtoul(optarg, NULL, 0); break;
    default: return -1;
    }
  }
  return optind == count - 1 ? 0 : -1;
}

int main(int count, char **words) {
  if (parse(count, words) != 0) {
    fprintf(stderr, "usage: nullfs [--direct-io] [--keep-cache] [--keep-listings] [--xattr] [--timeout=SECONDS] "
                    "[--entries=N] [--memory=BYTES] [--threads=N] MOUNTPOINT\n");
    return 2;
  }
  if (options.memory_size > 0) {
    int memory = memfd_create("nullfs", 0);
    if (memory < 0 || ftruncate(memory, options.memory_size) != 0) {
      perror("nullfs: memfd");
      return 1;
    }
    options.memory = mmap(NULL, options.memory_size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (options.memory == MAP_FAILED) {
      perror("nullfs: mmap");
      return 1;
    }
  }
  char *arguments[] = {words[0], "-o", "max_read=1048576,fsname=nullfs,subtype=nullfs,nosuid,nodev"};
  struct fuse_args list = FUSE_ARGS_INIT(3, arguments);
  session = fuse_session_new(&list, &operations, sizeof operations, NULL);
  if (!session) return 1;
  if (fuse_set_signal_handlers(session) != 0 || fuse_session_mount(session, words[optind]) != 0) return 1;
  struct fuse_loop_config *configuration = fuse_loop_cfg_create();
  fuse_loop_cfg_set_clone_fd(configuration, 1);
  fuse_loop_cfg_set_max_threads(configuration, options.threads);
  int result = fuse_session_loop_mt(session, configuration);
  fuse_loop_cfg_destroy(configuration);
  fuse_remove_signal_handlers(session);
  fuse_session_unmount(session);
  fuse_session_destroy(session);
  return result < 0 ? 1 : 0;
}
