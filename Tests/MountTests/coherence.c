// coherence: one process changes objects, another reads at once every file that depends on them, and must never see what was
// before the change returned.
//
// coherence CHANGES, in the top directory of a mount with the built-in platform. It makes a region, a buffer and what it needs,
// and takes them away again. Status 0: nothing old was ever seen. Status 1: the first old thing, on standard error.
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

#define REGION "vcms/coherence"
#define ASSOCIATION REGION "/associations/display"

static long round_number;

static void fail(const char *format, ...) {
  va_list list;
  va_start(list, format);
  fprintf(stderr, "coherence: round %ld: ", round_number);
  vfprintf(stderr, format, list);
  fputc('\n', stderr);
  va_end(list);
  exit(1);
}

static void need(int done, const char *what) {
  if (!done) fail("%s: %s", what, strerror(errno));
}

static void put(const char *path, const char *text) {
  int file = open(path, O_WRONLY);
  need(file >= 0, path);
  need(write(file, text, strlen(text)) == (ssize_t)strlen(text), path);
  need(close(file) == 0, path);
}

// What one change is, and what has to be so when it has been done and when it has been undone.
struct change {
  const char *name;
  void (*make)(void), (*unmake)(void);
  void (*look)(int made);
};

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
  while (readdir(users)) count++;
  closedir(users);
  if (count != 2 + made) fail("the buffer has %d users", count - 2);
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

static const struct change changes[] = {
  {"reserve", reserve, unreserve, look_at_reservation},
  {"back", back, unback, look_at_backing},
  {"rename", rename_there, rename_back, look_at_name},
  {"associate", associate, dissociate, look_at_association},
  {"activate", associate_and_activate, deactivate_and_dissociate, look_at_activation},
  {"region", make_region, remove_region, look_at_regions},
  {"start", move, move_back, look_at_start},
  {"data", store, store_back, look_at_bytes},
};
enum { COUNT = sizeof changes / sizeof *changes };

// The other process: makes the change whose number comes, and says when it has been made.
static void serve(int orders, int answers) {
  for (int order; read(orders, &order, sizeof order) == sizeof order;) {
    const struct change *change = &changes[order / 2];
    if (order % 2 == 0) change->make();
    else change->unmake();
    need(write(answers, &order, sizeof order) == sizeof order, "pipe");
  }
  exit(0);
}

int main(int count, char **words) {
  if (count != 2) {
    fputs("use: coherence CHANGES\n", stderr);
    return 2;
  }
  // Whole turns, after which everything is as it was.
  long turns = strtol(words[1], NULL, 0) / (2 * COUNT) + 1, rounds = turns * 2 * COUNT;
  need(mkdir(REGION, 0755) == 0, REGION);
  need(mkdir("vcms/spare", 0755) == 0, "vcms/spare");
  put(REGION "/reserve", "64K name=r\n");
  put("phys/alloc", "64K name=coherence\n");
  store_back();
  int orders[2], answers[2];
  need(pipe(orders) == 0 && pipe(answers) == 0, "pipe");
  pid_t child = fork();
  need(child >= 0, "fork");
  if (child == 0) {
    close(orders[1]);
    close(answers[0]);
    serve(orders[0], answers[1]);
  }
  close(orders[0]);
  close(answers[1]);
  for (round_number = 0; round_number < rounds; round_number++) {
    int order = (int)(round_number % (2 * COUNT)), done;
    const struct change *change = &changes[order / 2];
    // What is seen before the change is what the kernel may have kept.
    change->look(order % 2 != 0);
    need(write(orders[1], &order, sizeof order) == sizeof order, "pipe");
    if (read(answers[0], &done, sizeof done) != sizeof done) fail("%s could not be done", change->name);
    change->look(order % 2 == 0);
  }
  close(orders[1]);
  int status;
  waitpid(child, &status, 0);
  need(rmdir(REGION "/reservations/r") == 0 && rmdir(REGION) == 0 && rmdir("vcms/spare") == 0, "rmdir");
  need(rmdir("phys/coherence") == 0, "rmdir phys/coherence");
  return status == 0 ? 0 : 1;
}
