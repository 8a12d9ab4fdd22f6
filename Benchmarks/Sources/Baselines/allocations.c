/* malloc and its kin, counted: what stands in the program is found before what stands in libc. */
#include "baselines.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static uint64_t calls;

uint64_t allocation_count(void)
{
	return __atomic_load_n(&calls, __ATOMIC_RELAXED);
}

void give_back_free_memory(void)
{
	malloc_trim(0);
}

static void count(void)
{
	__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size)
{
	count();
	return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	count();
	return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size)
{
	count();
	return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	count();
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	count();
	*block = __libc_memalign(alignment, size);
	return *block ? 0 : ENOMEM;
}
