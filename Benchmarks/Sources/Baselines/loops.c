#include "baselines.h"

#include <string.h>

__attribute__((noinline)) void store_entries(uint64_t *entries, size_t count, uint64_t value, uint64_t step)
{
	for (size_t index = 0; index < count; index++) {
		entries[index] = value;
		value += step;
	}
}

__attribute__((noinline)) void fill_bytes(void *bytes, int value, size_t count)
{
	memset(bytes, value, count);
}

__attribute__((noinline)) void counted(void (*body)(void *), void *context)
{
	body(context);
	/* Not a tail call: callgrind counts what happens inside of this function. */
	__asm__ volatile("");
}
