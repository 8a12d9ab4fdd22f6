// overtaken: a change overtakes a listing with the attributes that were before it.
//
// overtaken DIRECTORY CONTROL TEXT FILE LENGTH: reads the directory into a page that is not there, so that the reader, with the
// answer in the kernel's hands, stops before the kernel has taken any of it in; writes TEXT to CONTROL, which gives FILE, in
// the directory and unknown to the kernel so far, another length; lets the reader go on; and waits until FILE's length is seen.
// Status 0: it was. 1: the old length is believed. 77: the system does not let us stop a reader.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int directory;
static char *page;
enum { SIZE = 32768 };

static void need(int done, const char *what, int status) {
  if (done) return;
  fprintf(stderr, "overtaken: %s: %s\n", what, strerror(errno));
  exit(status);
}

static void *read_directory(void *nothing) {
  (void)nothing;
  need(syscall(SYS_getdents64, directory, page, SIZE) > 0, "getdents64", 1);
  return NULL;
}

int main(int count, char **words) {
  if (count != 6) {
    fputs("use: overtaken DIRECTORY CONTROL TEXT FILE LENGTH\n", stderr);
    return 2;
  }
  int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
  need(faults >= 0, "userfaultfd", 77);
  struct uffdio_api api = {.api = UFFD_API};
  need(ioctl(faults, UFFDIO_API, &api) == 0, "UFFDIO_API", 77);
  page = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  need(page != MAP_FAILED, "mmap", 1);
  struct uffdio_register range = {
    .range = {.start = (unsigned long)page, .len = SIZE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
  need(ioctl(faults, UFFDIO_REGISTER, &range) == 0, "UFFDIO_REGISTER", 77);

  directory = open(words[1], O_RDONLY | O_DIRECTORY);
  need(directory >= 0, words[1], 1);
  pthread_t reader;
  need(pthread_create(&reader, NULL, read_directory, NULL) == 0, "pthread_create", 1);
  struct uffd_msg fault;
  need(read(faults, &fault, sizeof fault) == sizeof fault, "read a fault", 1);

  int file = open(words[2], O_WRONLY);
  need(file >= 0, words[2], 1);
  need(write(file, words[3], strlen(words[3])) == (ssize_t)strlen(words[3]), "write", 1);
  need(close(file) == 0, "close", 1);

  struct uffdio_zeropage zero = {.range = {.start = (unsigned long)page, .len = SIZE}};
  need(ioctl(faults, UFFDIO_ZEROPAGE, &zero) == 0, "UFFDIO_ZEROPAGE", 1);
  need(pthread_join(reader, NULL) == 0, "pthread_join", 1);
  // The kernel is told as soon as nobody reads the directory, by a thread that answers no request.
  struct stat seen;
  for (int tries = 0; tries < 1000; tries++) {
    need(stat(words[4], &seen) == 0, words[4], 1);
    if (seen.st_size == atol(words[5])) return 0;
    usleep(10000);
  }
  fprintf(stderr, "overtaken: the length of %s is %ld, not %s\n", words[4], (long)seen.st_size, words[5]);
  return 1;
}
