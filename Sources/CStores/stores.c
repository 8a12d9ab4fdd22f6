#include "stores.h"

#if defined(__x86_64__) && defined(__linux__)
__attribute__((target_clones("avx2", "default")))
#endif
void store_progression(uint64_t *entries, size_t count, uint64_t first, uint64_t step)
{
	for (size_t index = 0; index < count; index++) {
		entries[index] = first;
		first += step;
	}
}
