#ifndef VCMFS_CFUSE_SHIM_H
#define VCMFS_CFUSE_SHIM_H

// The one place where C is written: what Swift can't import of libfuse3 (macros, versioned symbols) or of the C library
// (fork, variadic ioctl), each as a static inline function.

// The C library's declarations stay with the module Glibc: otherwise `struct stat` and others would count as this one's.
#if __has_feature(modules)
#pragma clang module import SwiftGlibc
#endif

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

// A macro from libfuse 3.17 on.
static inline struct fuse_session *cfuse_session_new(struct fuse_args *arguments,
                                                     const struct fuse_lowlevel_ops *operations,
                                                     size_t operations_size, void *user_data) {
  return fuse_session_new(arguments, operations, operations_size, user_data);
}

// A versioned symbol or a macro, by how libfuse was built.
static inline int cfuse_session_loop_mt(struct fuse_session *session, struct fuse_loop_config *configuration) {
  return fuse_session_loop_mt(session, configuration);
}

// Swift marks fork(2) unavailable. Only for a process that has one thread.
static inline pid_t cfuse_fork(void) { return fork(); }

// Extensions of the GNU C library, which its headers show only with _GNU_SOURCE.
extern int pipe2(int ends[2], int flags);
extern int unshare(int flags);
extern int close_range(unsigned int first, unsigned int last, int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *deadline);

extern int sched_getaffinity(pid_t thread, size_t size, cpu_set_t *set);
// The number of processors that the thread may run on; 0 where the kernel does not say.
static inline int cfuse_processor_count(void) {
  cpu_set_t set;
  int count = 0;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  for (size_t index = 0; index < sizeof set / sizeof set.__bits[0]; index++) {
    count += __builtin_popcountl(set.__bits[index]);
  }
  return count;
}
static inline int cfuse_pipe(int ends[2], int flags) { return pipe2(ends, flags); }
// Gives the calling thread a table of descriptors of its own, in which only `kept` is open.
static inline int cfuse_thread_leave_descriptors(int kept) {
  const int clone_files = 0x400;  // linux/sched.h
  if (unshare(clone_files) != 0) return -1;
  if (kept > 0 && close_range(0, kept - 1, 0) != 0) return -1;
  return close_range(kept + 1, ~0U, 0);
}

static inline int cfuse_thread_set_name(pthread_t thread, const char *name) { return pthread_setname_np(thread, name); }
static inline int cfuse_thread_timed_join(pthread_t thread, const struct timespec *deadline) {
  return pthread_timedjoin_np(thread, NULL, deadline);
}

// linux/fuse.h, since 7.40; not in the headers of Debian 12.
struct cfuse_backing_map {
  int32_t fd;
  uint32_t flags;
  uint64_t padding;
};

// Registers a file for passthrough: the backing id (above zero), or -1 with errno set.
static inline int cfuse_backing_open(int device, int backing) {
  struct cfuse_backing_map map = {backing, 0, 0};
  return ioctl(device, _IOW(229, 1, struct cfuse_backing_map), &map);
}

// Gives a backing id back.
static inline int cfuse_backing_close(int device, uint32_t backing_id) {
  return ioctl(device, _IOW(229, 2, uint32_t), &backing_id);
}

#endif
