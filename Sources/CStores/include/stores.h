/* Stores that the compiler makes wide where the processor has wide registers, which Swift cannot ask for. */
#ifndef CSTORES_H
#define CSTORES_H

#include <stddef.h>
#include <stdint.h>

/* entries[i] = first + i * step for every i below count, each by one store that no reader sees in halves. */
void store_progression(uint64_t *entries, size_t count, uint64_t first, uint64_t step);

#endif
