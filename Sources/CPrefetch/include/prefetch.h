/* Fetching memory in advance, which Swift cannot ask the processor for. */
#ifndef CPREFETCH_H
#define CPREFETCH_H

/* Begins to fetch the line of the cache that has an address, which need not be valid, and does not wait for it. */
static inline void prefetch_line(const void *address)
{
	__builtin_prefetch(address);
}

#endif
