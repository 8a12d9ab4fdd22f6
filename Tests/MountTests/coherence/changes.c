// The changes, each with a few claims in words of what it makes of the mount.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "changes.h"

#define REGION "vcms/coherence"
#define BUSY "vcms/busy"
#define ASSOCIATION REGION "/associations/display"

long round_number;

void fail(const char *format, ...) {
  va_list list;
  va_start(list, format);
  fprintf(stderr, "coherence: round %ld: ", round_number);
  vfprintf(stderr, format, list);
  fputc('\n', stderr);
  va_end(list);
  exit(1);
}

void need(int done, const char *what) {
  if (!done) fail("%s: %s", what, strerror(errno));
}

static void put(const char *path, const char *text) {
  int file = open(path, O_WRONLY);
  need(file >= 0, path);
  need(write(file, text, strlen(text)) == (ssize_t)strlen(text), path);
  need(close(file) == 0, path);
}

// What a file holds, and its length, as stat(2) tells.
static void holds(const char *path, const char *wanted) {
  char text[4096];
  struct stat status;
  need(stat(path, &status) == 0, path);
  int file = open(path, O_RDONLY);
  need(file >= 0, path);
  ssize_t count = read(file, text, sizeof text - 1);
  need(count >= 0, path);
  text[count] = 0;
  close(file);
  if (strcmp(text, wanted) != 0) fail("%s: '%s' instead of '%s'", path, text, wanted);
  if (status.st_size != (off_t)strlen(wanted)) fail("%s: length %ld", path, (long)status.st_size);
}

static void is_there(const char *path, int wanted) {
  struct stat status;
  int found = lstat(path, &status) == 0;
  if (!found && errno != ENOENT) fail("%s: %s", path, strerror(errno));
  if (found != wanted) fail("%s is %sthere", path, found ? "" : "not ");
}

// Whether a directory lists a name, and has it.
static void lists(const char *path, const char *name, int wanted) {
  DIR *directory = opendir(path);
  need(directory != NULL, path);
  int found = 0;
  for (struct dirent *entry; (entry = readdir(directory));) found |= strcmp(entry->d_name, name) == 0;
  closedir(directory);
  if (found != wanted) fail("%s lists %s: %d", path, name, found);
  char child[256];
  snprintf(child, sizeof child, "%s/%s", path, name);
  is_there(child, wanted);
}

static void has_directories(const char *path, int wanted) {
  struct stat status;
  need(stat(path, &status) == 0, path);
  if ((int)status.st_nlink != wanted + 2) fail("%s has %ld links", path, (long)status.st_nlink);
}

static void leads_to(const char *path, const char *wanted) {
  char target[256];
  ssize_t count = readlink(path, target, sizeof target - 1);
  if (count < 0 && errno == ENOENT && !wanted) return;
  need(count >= 0, path);
  target[count] = 0;
  if (!wanted || strcmp(target, wanted) != 0) fail("%s leads to %s", path, target);
}

static void reserve(void) { put(REGION "/reserve", "64K name=n\n"); }
static void unreserve(void) { need(rmdir(REGION "/reservations/n") == 0, "rmdir n"); }
static void look_at_reservation(int made) {
  holds(REGION "/free", made ? "4294836224\n" : "4294901760\n");
  holds(REGION "/largest_free", made ? "4294836224\n" : "4294901760\n");
  lists(REGION "/reservations", "n", made);
  lists(REGION "/at", "0x10000", made);
  has_directories(REGION "/reservations", 1 + made);
  if (made) holds(REGION "/reservations/n/addr", "0x10000\n");
}

static void back(void) { need(symlink("phys/coherence", REGION "/reservations/r/backing") == 0, "ln backing"); }
static void unback(void) { need(unlink(REGION "/reservations/r/backing") == 0, "rm backing"); }
static void look_at_backing(int made) {
  struct stat status;
  need(stat(REGION "/reservations/r/data", &status) == 0, "stat data");
  if (status.st_size != (made ? 65536 : 0)) fail("data has %ld bytes", (long)status.st_size);
  leads_to(REGION "/reservations/r/backing", made ? "../../../../phys/coherence" : NULL);
  lists(REGION "/reservations/r", "backing", made);
  DIR *users = opendir("phys/coherence/users");
  need(users != NULL, "users");
  int count = 0;
  for (struct dirent *entry; (entry = readdir(users));) {
    char path[300];
    if (entry->d_name[0] == '.') continue;
    count++;
    snprintf(path, sizeof path, "phys/coherence/users/%s", entry->d_name);
    leads_to(path, "../../../" REGION "/reservations/r");
  }
  closedir(users);
  if (count != made) fail("the buffer has %d users", count);
}

static void rename_there(void) { need(rename(REGION "/reservations/r", REGION "/reservations/q") == 0, "mv r q"); }
static void rename_back(void) { need(rename(REGION "/reservations/q", REGION "/reservations/r") == 0, "mv q r"); }
static void look_at_name(int made) {
  lists(REGION "/reservations", "r", !made);
  lists(REGION "/reservations", "q", made);
  leads_to(REGION "/at/0x0", made ? "../reservations/q" : "../reservations/r");
}

static void associate(void) { need(symlink("devices/display", REGION "/devices/display") == 0, "ln display"); }
static void dissociate(void) { need(unlink(REGION "/devices/display") == 0, "rm display"); }
static void look_at_association(int made) {
  lists(REGION "/devices", "display", made);
  lists(REGION "/associations", "display", made);
  lists("devices/display/vcms", "coherence", made);
  has_directories(REGION "/associations", made);
  leads_to(REGION "/devices/display", made ? "../../../devices/display" : NULL);
  if (made) {
    holds(ASSOCIATION "/active", "0\n");
    lists(ASSOCIATION, "pagetable", 1);
    holds(ASSOCIATION "/root", "");
  }
}

static void associate_and_activate(void) {
  associate();
  put(ASSOCIATION "/active", "1\n");
}
static void deactivate_and_dissociate(void) {
  put(ASSOCIATION "/active", "0\n");
  dissociate();
}
static void look_at_activation(int made) {
  lists(REGION "/associations", "display", made);
  holds(REGION "/active", made ? "1\n" : "0\n");
  if (!made) return;
  struct stat status;
  holds(ASSOCIATION "/active", "1\n");
  need(stat(ASSOCIATION "/root", &status) == 0, "stat root");
  if (status.st_size == 0) fail("root is empty");
  need(stat("devices/display/pagetable", &status) == 0, "stat pagetable");
  if (status.st_size == 0) fail("the device walks nothing");
}

static void make_region(void) { need(mkdir("vcms/more", 0755) == 0, "mkdir more"); }
static void remove_region(void) { need(rmdir("vcms/more") == 0, "rmdir more"); }
static void look_at_regions(int made) {
  lists("vcms", "more", made);
  if (made) holds("vcms/more/start", "0x0\n");
}

static void move(void) { put("vcms/spare/start", "0x100000\n"); }
static void move_back(void) { put("vcms/spare/start", "0x0\n"); }
static void look_at_start(int made) { holds("vcms/spare/start", made ? "0x100000\n" : "0x0\n"); }

static void store(void) { put("phys/coherence/data", "new"); }
static void store_back(void) { put("phys/coherence/data", "old"); }
static void look_at_bytes(int made) {
  char bytes[3];
  int file = open("phys/coherence/data", O_RDONLY);
  need(file >= 0 && pread(file, bytes, 3, 0) == 3, "data");
  close(file);
  if (memcmp(bytes, made ? "new" : "old", 3) != 0) fail("data is %.3s", bytes);
}

// In a region that is active all the time, so that its tables change.
static void map(void) { need(symlink("phys/coherence", BUSY "/reservations/r/backing") == 0, "ln busy backing"); }
static void unmap(void) { need(unlink(BUSY "/reservations/r/backing") == 0, "rm busy backing"); }
static void look_at_map(int made) {
  leads_to(BUSY "/reservations/r/backing", made ? "../../../../phys/coherence" : NULL);
  struct stat status;
  need(stat(BUSY "/reservations/r/data", &status) == 0, "stat data");
  if (status.st_size != (made ? 65536 : 0)) fail("data has %ld bytes", (long)status.st_size);
}

static void restrict_it(void) { put(BUSY "/reservations/s/attr", "prot=r\n"); }
static void restrict_back(void) { put(BUSY "/reservations/s/attr", "prot=rw\n"); }
static void look_at_attributes(int made) {
  char text[256];
  int file = open(BUSY "/reservations/s/attr", O_RDONLY);
  need(file >= 0, "attr");
  ssize_t count = read(file, text, sizeof text - 1);
  need(count > 0, "attr");
  close(file);
  text[count] = 0;
  if (!strstr(text, made ? "prot=r " : "prot=rw ") && !strstr(text, made ? "prot=r\n" : "prot=rw\n"))
    fail("attr is %s", text);
}

static void rename_buffer(void) { need(rename("phys/busy", "phys/idle") == 0, "mv busy idle"); }
static void rename_buffer_back(void) { need(rename("phys/idle", "phys/busy") == 0, "mv idle busy"); }
static void look_at_buffer(int made) {
  lists("phys", "idle", made);
  lists("phys", "busy", !made);
  leads_to(BUSY "/reservations/s/backing", made ? "../../../../phys/idle" : "../../../../phys/busy");
}

static void rename_region(void) { need(rename(BUSY, "vcms/calm") == 0, "mv busy calm"); }
static void rename_region_back(void) { need(rename("vcms/calm", BUSY) == 0, "mv calm busy"); }
static void look_at_region_name(int made) {
  lists("vcms", "calm", made);
  lists("devices/video_dec/vcms", "calm", made);
  lists("devices/video_dec/vcms", "busy", !made);
}

static void bound(void) {
  need(mkdir(REGION "/bounds/b", 0755) == 0, "mkdir b");
  put(REGION "/bounds/b/len", "1M\n");
}
static void unbound(void) { need(rmdir(REGION "/bounds/b") == 0, "rmdir b"); }
static void look_at_bound(int made) {
  lists(REGION "/bounds", "b", made);
  holds(REGION "/free", made ? "4293853184\n" : "4294901760\n");
  if (made) holds(REGION "/bounds/b/len", "1048576\n");
}

static void add_device(void) { need(mkdir("devices/more", 0755) == 0, "mkdir devices/more"); }
static void remove_device(void) { need(rmdir("devices/more") == 0, "rmdir devices/more"); }
static void look_at_devices(int made) { lists("devices", "more", made); }

static void allocate(void) { put("phys/alloc", "1M name=more\n"); }
static void release(void) { need(rmdir("phys/more") == 0, "rmdir phys/more"); }
static void look_at_memory(int made) {
  lists("phys", "more", made);
  if (made) holds("phys/more/len", "1048576\n");
}

const struct change changes[] = {
  {"reserve", reserve, unreserve, look_at_reservation},
  {"back", back, unback, look_at_backing},
  {"rename", rename_there, rename_back, look_at_name},
  {"associate", associate, dissociate, look_at_association},
  {"activate", associate_and_activate, deactivate_and_dissociate, look_at_activation},
  {"region", make_region, remove_region, look_at_regions},
  {"start", move, move_back, look_at_start},
  {"data", store, store_back, look_at_bytes},
  {"map", map, unmap, look_at_map},
  {"attributes", restrict_it, restrict_back, look_at_attributes},
  {"buffer's name", rename_buffer, rename_buffer_back, look_at_buffer},
  {"region's name", rename_region, rename_region_back, look_at_region_name},
  {"bound", bound, unbound, look_at_bound},
  {"device", add_device, remove_device, look_at_devices},
  {"allocate", allocate, release, look_at_memory},
};

const int change_count = sizeof changes / sizeof *changes;

const char *const unlisted[] = {
  "./" REGION "/at/0x10", "./" REGION "/translate/0x10", "./" REGION "/at/0x10010", "./" BUSY "/translate/0x10",
  "./vcms/calm/translate/0x10", "./devices/video_dec/translate/0x10", "./devices/display/translate/0x10",
  "./devices/video_dec/translate/0x10010", NULL};

void prepare(void) {
  need(mkdir(REGION, 0755) == 0, REGION);
  need(mkdir("vcms/spare", 0755) == 0, "vcms/spare");
  put(REGION "/reserve", "64K name=r\n");
  put("phys/alloc", "64K name=coherence\n");
  put("phys/alloc", "64K name=busy\n");
  store_back();
  need(mkdir(BUSY, 0755) == 0, BUSY);
  put(BUSY "/reserve", "64K name=r\n");
  put(BUSY "/reserve", "64K name=s\n");
  need(symlink("devices/video_dec", BUSY "/devices/video_dec") == 0, "ln video_dec");
  put(BUSY "/associations/video_dec/active", "1\n");
  need(symlink("phys/busy", BUSY "/reservations/s/backing") == 0, "ln busy");
  restrict_back();
}

void clean(void) {
  need(unlink(BUSY "/reservations/s/backing") == 0, "rm backing");
  put(BUSY "/associations/video_dec/active", "0\n");
  need(unlink(BUSY "/devices/video_dec") == 0, "rm video_dec");
  need(rmdir(BUSY "/reservations/r") == 0 && rmdir(BUSY "/reservations/s") == 0 && rmdir(BUSY) == 0, "rmdir busy");
  need(rmdir("phys/busy") == 0 && rmdir("phys/coherence") == 0, "rmdir phys");
  need(rmdir(REGION "/reservations/r") == 0 && rmdir(REGION) == 0 && rmdir("vcms/spare") == 0, "rmdir");
}
