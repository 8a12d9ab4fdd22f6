#define _GNU_SOURCE
#include "lost_pages.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 64 };

// A place is free while its end is zero.
static struct {
  atomic_uintptr_t start, end;
  atomic_size_t lost;
} watched[MOST];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction earlier;
static uintptr_t page_size;

static void handle(int signal, siginfo_t *info, void *context) {
  (void)context;
  uintptr_t address = (uintptr_t)info->si_addr;
  for (int index = 0; index < MOST; index++) {
    if (address >= atomic_load(&watched[index].end) || address < atomic_load(&watched[index].start)) continue;
    void *page = (void *)(address & ~(page_size - 1));
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    if (mmap(page, page_size, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) break;
    atomic_fetch_add(&watched[index].lost, 1);
    return;
  }
  // Not ours, or a page of another size: what happens without us happens when the instruction is tried again.
  sigaction(signal, &earlier, NULL);
}

// Called with the lock.
static void install(void) {
  if (page_size != 0) return;
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &earlier);
}

int lost_pages_watch(const void *start, size_t length) {
  int found = -1;
  pthread_mutex_lock(&lock);
  install();
  for (int index = 0; index < MOST && found < 0; index++)
    if (atomic_load(&watched[index].end) == 0) found = index;
  if (found >= 0) {
    atomic_store(&watched[found].lost, 0);
    atomic_store(&watched[found].start, (uintptr_t)start);
    atomic_store(&watched[found].end, (uintptr_t)start + length);
  }
  pthread_mutex_unlock(&lock);
  return found;
}

void lost_pages_forget(int watch) {
  if (watch >= 0) atomic_store(&watched[watch].end, 0);
}

size_t lost_pages_count(int watch) { return watch < 0 ? 0 : atomic_load(&watched[watch].lost); }
