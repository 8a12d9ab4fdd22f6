/* What the engine is compared with: C as a person would write it who needs x86-64 tables and nothing else. */
#ifndef BASELINES_H
#define BASELINES_H

#include <stddef.h>
#include <stdint.h>

/* Four-level tables in one block of memory, whose first byte has the physical address `base`. */
struct mapper {
	unsigned char *memory;
	uint64_t base;
	uint64_t size;
	uint64_t used;
	uint64_t root;
};

/* An empty table in `memory`; 0, or -ENOMEM. */
int mapper_start(struct mapper *mapper, void *memory, uint64_t base, uint64_t size);

/*
 * Maps `length` bytes by pages of 4 KiB: 0, -EINVAL for what is no multiple of a page or not in the lower half,
 * -EEXIST where something is mapped (what was mapped before it stays), -ENOMEM.
 */
int mapper_map(struct mapper *mapper, uint64_t address, uint64_t physical, uint64_t length, uint64_t flags);

/* Unmaps `length` bytes by pages: 0, -EINVAL, -ENOENT. Tables stay. */
int mapper_unmap(struct mapper *mapper, uint64_t address, uint64_t length);

/* The physical address of a byte, or ~0. */
uint64_t mapper_translate(const struct mapper *mapper, uint64_t address);

/* One store for each of `count` entries, and nothing else. */
void store_entries(uint64_t *entries, size_t count, uint64_t value, uint64_t step);

/* memset that is not taken for another function's part. */
void fill_bytes(void *bytes, int value, size_t count);

/* Calls `body`: what callgrind counts. */
void counted(void (*body)(void *), void *context);

/* The calls of malloc and its kin since the start. */
uint64_t allocation_count(void);

/* malloc_trim(3) */
void give_back_free_memory(void);

#endif
