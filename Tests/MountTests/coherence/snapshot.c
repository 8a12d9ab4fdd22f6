#define _GNU_SOURCE
#include "snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { MODE, LINKS, LENGTH, BLOCKS, CONTENT, FIELDS };
static const char *const field_names[FIELDS] = {"mode", "links", "length", "blocks", "content"};

enum { EVERYTHING = ~0u };

struct file {
  char *path;
  uint64_t values[FIELDS];
  unsigned forgiven;
};

struct snapshot {
  struct file *files;
  long count, room;
};

static const char *complain(const char *path, const char *what, uint64_t found, uint64_t wanted) {
  static char text[1024];
  snprintf(text, sizeof text, "%.700s: %s %#llx instead of %#llx", path, what, (unsigned long long)found,
           (unsigned long long)wanted);
  return text;
}

static uint64_t hash(uint64_t state, const void *bytes, size_t count) {
  for (const unsigned char *byte = bytes; count > 0; count--) state = (state ^ *byte++) * 0x100000001b3;
  return state;
}
static const uint64_t START = 0xcbf29ce484222325;

// The last component.
static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

// Whether a file has no content that a reader comes to the end of, or too much: streams, and memory.
static int is_endless(const char *path) {
  const char *name = name_of(path);
  return strcmp(name, "events") == 0 || strcmp(name, "faults") == 0 || strcmp(name, "memory") == 0 ||
         strcmp(name, "physical") == 0;
}

// Memory shows no length of what is in it.
static int is_memory(const char *path) { return strcmp(name_of(path), "data") == 0; }

// Whether a text names objects by their identities, of which one made anew has another: `d12` stands for a device.
static int has_identities(const char *path) { return strcmp(name_of(path), "topology.dot") == 0; }

static int is_digit(char character) { return character >= '0' && character <= '9'; }

// The hash of a text in which identities count as equal.
static uint64_t hash_text(uint64_t state, const char *text, size_t count) {
  for (size_t index = 0; index < count; index++) {
    state = hash(state, text + index, 1);
    if (index == 0 || text[index - 1] != ' ' || !strchr("dbr", text[index])) continue;
    while (index + 1 < count && is_digit(text[index + 1])) index++;
  }
  return state;
}

// What is in a regular file, and its length; -1 with errno.
static int read_file(const char *path, uint64_t *content, uint64_t *length) {
  static char text[1 << 20];
  *content = START;
  *length = 0;
  if (is_endless(path)) return 0;
  int file = open(path, O_RDONLY | O_NONBLOCK);
  if (file < 0) return -1;
  ssize_t count;
  while ((count = read(file, text, is_memory(path) ? 4096 : sizeof text)) > 0) {
    *content = has_identities(path) ? hash_text(*content, text, count) : hash(*content, text, count);
    *length += count;
    if (is_memory(path)) break;
  }
  int error = errno;
  close(file);
  errno = error;
  return count < 0 ? -1 : 0;
}

static int read_link(const char *path, uint64_t *content) {
  char target[4096];
  ssize_t count = readlink(path, target, sizeof target);
  *content = hash(START, target, count < 0 ? 0 : count);
  return count < 0 ? -1 : 0;
}

// A directory's names, in order, and the reason that goes with it.
static int read_names(const char *path, uint64_t *content) {
  DIR *directory = opendir(path);
  if (!directory) return -1;
  *content = START;
  for (struct dirent *entry; (entry = readdir(directory));)
    *content = hash(*content, entry->d_name, strlen(entry->d_name) + 1);
  closedir(directory);
  char reason[4096];
  ssize_t count = getxattr(path, "user.vcmfs.reason", reason, sizeof reason);
  *content = hash(*content, reason, count < 0 ? 0 : count);
  return 0;
}

// Looks at a file as it is now. NULL if that went well; `*exists` is 0 if there is none.
static const char *look(const char *path, struct file *file, int *exists) {
  struct stat kept;
  struct statx asked;
  *exists = 1;
  if (lstat(path, &kept) != 0) {
    if (errno != ENOENT) return complain(path, "lstat: errno", errno, ENOENT);
    *exists = 0;
    return NULL;
  }
  // What the kernel kept must be what the daemon says.
  unsigned flags = AT_SYMLINK_NOFOLLOW | AT_STATX_FORCE_SYNC;
  if (statx(AT_FDCWD, path, flags, STATX_BASIC_STATS, &asked) != 0) return complain(path, "statx: errno", errno, 0);
#define MUST_BE(what, kept_value, asked_value) \
  if ((uint64_t)(kept_value) != (uint64_t)(asked_value)) return complain(path, what, kept_value, asked_value)
  MUST_BE("inode", kept.st_ino, asked.stx_ino);
  MUST_BE("mode", kept.st_mode, asked.stx_mode);
  MUST_BE("links", kept.st_nlink, asked.stx_nlink);
  MUST_BE("length", kept.st_size, asked.stx_size);
  MUST_BE("blocks", kept.st_blocks, asked.stx_blocks);
  MUST_BE("seconds of the time", kept.st_mtim.tv_sec, asked.stx_mtime.tv_sec);
  MUST_BE("nanoseconds of the time", kept.st_mtim.tv_nsec, asked.stx_mtime.tv_nsec);
  file->values[MODE] = kept.st_mode;
  file->values[LINKS] = kept.st_nlink;
  file->values[LENGTH] = kept.st_size;
  file->values[BLOCKS] = kept.st_blocks;
  uint64_t length = kept.st_size;
  int result = S_ISDIR(kept.st_mode)   ? read_names(path, &file->values[CONTENT])
               : S_ISLNK(kept.st_mode) ? read_link(path, &file->values[CONTENT])
                                       : read_file(path, &file->values[CONTENT], &length);
  if (result != 0) return complain(path, "errno", errno, 0);
  if (S_ISREG(kept.st_mode) && !is_endless(path) && !is_memory(path)) MUST_BE("length by stat", kept.st_size, length);
  if (has_identities(path)) file->values[LENGTH] = 0;
  return NULL;
}

static void add(struct snapshot *snapshot, const char *path) {
  struct file file = {0};
  int exists;
  const char *wrong = look(path, &file, &exists);
  if (wrong) {
    fprintf(stderr, "coherence: %s\n", wrong);
    exit(1);
  }
  if (!exists) return;
  file.path = strdup(path);
  if (snapshot->count == snapshot->room) {
    snapshot->room = snapshot->room * 2 + 256;
    snapshot->files = realloc(snapshot->files, snapshot->room * sizeof *snapshot->files);
  }
  if (!file.path || !snapshot->files) abort();
  snapshot->files[snapshot->count++] = file;
}

// Formats never change.
static int is_walked(const char *path) { return strcmp(path, "./formats") != 0; }

static void walk(struct snapshot *snapshot, const char *path) {
  add(snapshot, path);
  DIR *directory = opendir(path);
  if (!directory) return;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char child[4096];
    snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
    struct stat status;
    if (!is_walked(child)) continue;
    if (lstat(child, &status) == 0 && S_ISDIR(status.st_mode)) walk(snapshot, child);
    else add(snapshot, child);
  }
  closedir(directory);
}

static int by_path(const void *first, const void *second) {
  return strcmp(((const struct file *)first)->path, ((const struct file *)second)->path);
}

struct snapshot *take_snapshot(const char *const *others) {
  // What is compared with later must not come from the kernel's caches: mounting anew empties them, where we may.
  if (mount("", ".", "", MS_REMOUNT | MS_NOSUID | MS_NODEV, "") != 0) errno = 0;
  struct snapshot *snapshot = calloc(1, sizeof *snapshot);
  if (!snapshot) abort();
  walk(snapshot, ".");
  for (; *others; others++) add(snapshot, *others);
  qsort(snapshot->files, snapshot->count, sizeof *snapshot->files, by_path);
  return snapshot;
}

static struct file *find(const struct snapshot *snapshot, const char *path) {
  struct file key = {.path = (char *)path};
  return bsearch(&key, snapshot->files, snapshot->count, sizeof key, by_path);
}

void forgive(struct snapshot *first, const struct snapshot *second) {
  for (long index = 0; index < first->count; index++) {
    struct file *file = &first->files[index], *other = find(second, file->path);
    // What has another name each time is compared no more; its directory's names differ too.
    if (!other) file->forgiven = EVERYTHING;
    for (int field = 0; other && field < FIELDS; field++)
      if (file->values[field] != other->values[field]) file->forgiven |= 1u << field;
    // Where the content is another each time, the length may come to be.
    if (file->forgiven >> CONTENT & 1) file->forgiven |= 1u << LENGTH;
  }
}

long count_files(const struct snapshot *snapshot) { return snapshot->count; }

char **differences(const struct snapshot *before, const struct snapshot *after, long *count) {
  char **paths = calloc(before->count + after->count + 1, sizeof *paths);
  if (!paths) abort();
  *count = 0;
  for (long index = 0; index < after->count; index++) {
    struct file *file = &after->files[index], *other = find(before, file->path);
    if (!other || file->forgiven || memcmp(file->values, other->values, sizeof file->values) != 0)
      paths[(*count)++] = file->path;
  }
  for (long index = 0; index < before->count; index++)
    if (!find(after, before->files[index].path)) paths[(*count)++] = before->files[index].path;
  return paths;
}

void warm(const char *path) {
  struct stat status;
  uint64_t content;
  if (lstat(path, &status) != 0) return;
  if (S_ISDIR(status.st_mode)) read_names(path, &content);
  else if (S_ISLNK(status.st_mode)) read_link(path, &content);
}

const char *compare(const struct snapshot *snapshot, const char *path) {
  struct file found = {0};
  int exists;
  const struct file *wanted = find(snapshot, path);
  if (wanted && wanted->forgiven == EVERYTHING) return NULL;
  const char *wrong = look(path, &found, &exists);
  if (wrong) return wrong;
  if (exists != (wanted != NULL)) return complain(path, "there is", exists, wanted != NULL);
  for (int field = 0; wanted && field < FIELDS; field++)
    if (!(wanted->forgiven >> field & 1) && found.values[field] != wanted->values[field])
      return complain(path, field_names[field], found.values[field], wanted->values[field]);
  return NULL;
}

// Whether it lies in a directory whose names are not compared.
static int may_be_new(const struct snapshot *snapshot, const char *path) {
  char parent[4096];
  snprintf(parent, sizeof parent, "%.*s", (int)(name_of(path) - path - 1), path);
  const struct file *directory = find(snapshot, parent);
  return directory && directory->forgiven >> CONTENT & 1;
}

const char *compare_all(const struct snapshot *snapshot, const char *const *others) {
  struct snapshot now = {0};
  walk(&now, ".");
  for (; *others; others++) add(&now, *others);
  const char *wrong = NULL;
  for (long index = 0; index < now.count && !wrong; index++)
    if (!find(snapshot, now.files[index].path) && !may_be_new(snapshot, now.files[index].path))
      wrong = complain(now.files[index].path, "there is", 1, 0);
  for (long index = 0; index < snapshot->count && !wrong; index++) wrong = compare(snapshot, snapshot->files[index].path);
  for (long index = 0; index < now.count; index++) free(now.files[index].path);
  free(now.files);
  return wrong;
}
