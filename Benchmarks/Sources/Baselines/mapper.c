#include "baselines.h"

#include <errno.h>
#include <string.h>

#define PAGE 4096ull
#define PRESENT 1ull
/* P, RW, US, A. */
#define POINTER 0x27ull
#define ADDRESS 0x000ffffffffff000ull

static uint64_t *table_at(const struct mapper *mapper, uint64_t physical)
{
	return (uint64_t *)(mapper->memory + (physical - mapper->base));
}

static uint64_t new_table(struct mapper *mapper)
{
	if (mapper->used + PAGE > mapper->size)
		return 0;
	uint64_t physical = mapper->base + mapper->used;
	mapper->used += PAGE;
	memset(table_at(mapper, physical), 0, PAGE);
	return physical;
}

static unsigned slot(uint64_t address, int level)
{
	return address >> (12 + 9 * level) & 511;
}

/* The last table on the way to an address, made where it is missing and `make` says so; or NULL. */
static uint64_t *leaf_table(struct mapper *mapper, uint64_t address, int make)
{
	uint64_t *table = table_at(mapper, mapper->root);
	for (int level = 3; level > 0; level--) {
		uint64_t *entry = &table[slot(address, level)];
		if (!(*entry & PRESENT)) {
			uint64_t physical = make ? new_table(mapper) : 0;
			if (!physical)
				return NULL;
			*entry = physical | POINTER;
		}
		table = table_at(mapper, *entry & ADDRESS);
	}
	return table;
}

static int is_bad(uint64_t address, uint64_t length)
{
	return (address | length) % PAGE || !length || address >> 47 || length > (1ull << 47) - address;
}

int mapper_start(struct mapper *mapper, void *memory, uint64_t base, uint64_t size)
{
	*mapper = (struct mapper){ .memory = memory, .base = base, .size = size };
	mapper->root = new_table(mapper);
	return mapper->root ? 0 : -ENOMEM;
}

int mapper_map(struct mapper *mapper, uint64_t address, uint64_t physical, uint64_t length, uint64_t flags)
{
	if (is_bad(address, length) || physical % PAGE)
		return -EINVAL;
	while (length) {
		uint64_t *table = leaf_table(mapper, address, 1);
		if (!table)
			return -ENOMEM;
		unsigned first = slot(address, 0);
		for (unsigned index = first; index < 512 && length; index++) {
			if (table[index] & PRESENT)
				return -EEXIST;
			table[index] = physical | flags;
			physical += PAGE;
			address += PAGE;
			length -= PAGE;
		}
	}
	return 0;
}

int mapper_unmap(struct mapper *mapper, uint64_t address, uint64_t length)
{
	if (is_bad(address, length))
		return -EINVAL;
	while (length) {
		uint64_t *table = leaf_table(mapper, address, 0);
		if (!table)
			return -ENOENT;
		for (unsigned index = slot(address, 0); index < 512 && length; index++) {
			if (!(table[index] & PRESENT))
				return -ENOENT;
			table[index] = 0;
			address += PAGE;
			length -= PAGE;
		}
	}
	return 0;
}

uint64_t mapper_translate(const struct mapper *mapper, uint64_t address)
{
	if (address >> 47)
		return ~0ull;
	const uint64_t *table = table_at(mapper, mapper->root);
	for (int level = 3; level > 0; level--) {
		uint64_t entry = table[slot(address, level)];
		if (!(entry & PRESENT))
			return ~0ull;
		table = table_at(mapper, entry & ADDRESS);
	}
	uint64_t entry = table[slot(address, 0)];
	return entry & PRESENT ? (entry & ADDRESS) | (address & (PAGE - 1)) : ~0ull;
}
