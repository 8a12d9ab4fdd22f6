/* Lines of one width that differ in some hexadecimal numbers. */
#ifndef CSTORES_HEX_LINES_H
#define CSTORES_HEX_LINES_H

#include <stddef.h>
#include <stdint.h>

/* Where a number stands: the first digit's place in the line, and 1 to 16 digits, the most significant first. */
struct hex_column {
	uint32_t offset;
	uint32_t digits;
};

/*
 * Stores line_count lines, one behind the other: each is `line` with the low bits of its own column_count values in the columns.
 * The columns stand from left to right and do not overlap. A line has at least 32 bytes, and 16 from each column's first on.
 */
void store_hex_lines(char *lines, const char *line, size_t line_bytes, const struct hex_column *columns,
		     size_t column_count, const uint64_t *values, size_t line_count);

/* The same by the plain code that processors without byte shuffles run, for tests. */
void store_hex_lines_plainly(char *lines, const char *line, size_t line_bytes, const struct hex_column *columns,
			     size_t column_count, const uint64_t *values, size_t line_count);

#endif
