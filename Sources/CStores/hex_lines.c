#include "hex_lines.h"

#include <string.h>

/* The eight digits of the low 32 bits as text, the first in the lowest byte. */
static uint64_t eight_digits(uint64_t value)
{
	uint64_t digits = value & 0xFFFFFFFF;

	/* Spread eight nibbles over eight bytes, then add '0', and 0x27 more from ten on. */
	digits = (digits | digits << 16) & 0x0000FFFF0000FFFF;
	digits = (digits | digits << 8) & 0x00FF00FF00FF00FF;
	digits = (digits | digits << 4) & 0x0F0F0F0F0F0F0F0F;
	uint64_t letters = (digits + 0x0606060606060606) >> 4 & 0x0101010101010101;
	return __builtin_bswap64(digits + 0x3030303030303030 + letters * 0x27);
}

/* The last 1 to 16 digits of a value. */
static void store_digits(char *place, uint64_t value, size_t count)
{
	uint64_t last = eight_digits(value);

	if (count < 8) {
		memcpy(place, (const char *)&last + 8 - count, count);
		return;
	}
	/* The first and the last eight; where they overlap both say the same. */
	uint64_t first = eight_digits(value >> 4 * (count - 8));
	memcpy(place, &first, 8);
	memcpy(place + count - 8, &last, 8);
}

void store_hex_lines_plainly(char *lines, const char *line, size_t line_bytes, const struct hex_column *columns,
			     size_t column_count, const uint64_t *values, size_t line_count)
{
	for (; line_count > 0; line_count--, lines += line_bytes) {
		memcpy(lines, line, line_bytes);
		for (size_t index = 0; index < column_count; index++)
			store_digits(lines + columns[index].offset, *values++, columns[index].digits);
	}
}

#if defined(__x86_64__)
#include <immintrin.h>

/* Copies of a line, one behind the other. The last 32 bytes of each may overlap those before. */
__attribute__((target("avx2"))) static void copy_line(char *lines, const char *line, size_t line_bytes, size_t line_count)
{
	for (; line_count > 0; line_count--, lines += line_bytes) {
		for (size_t done = 0; done + 32 < line_bytes; done += 32)
			_mm256_storeu_si256((__m256i *)(lines + done),
					    _mm256_loadu_si256((const __m256i *)(line + done)));
		_mm256_storeu_si256((__m256i *)(lines + line_bytes - 32),
				    _mm256_loadu_si256((const __m256i *)(line + line_bytes - 32)));
	}
}

/* Column by column, so that what a column needs stays in registers; a column's store writes what follows it in the line again. */
__attribute__((target("avx2"))) static void store_widely(char *lines, const char *line, size_t line_bytes,
							  const struct hex_column *columns, size_t column_count,
							  const uint64_t *values, size_t line_count)
{
	const __m128i letters =
		_mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
	const __m128i nibbles = _mm_set1_epi8(15);
	/* A byte's two digits come high then low, and bytes from the least significant on. */
	const __m128i places = _mm_setr_epi8(14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1);
	const __m128i counting = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

	copy_line(lines, line, line_bytes, line_count);
	for (size_t index = 0; index < column_count; index++) {
		char digit_count = (char)columns[index].digits;
		__m128i follows = _mm_cmpgt_epi8(counting, _mm_set1_epi8(digit_count - 1));
		__m128i skipped = _mm_add_epi8(counting, _mm_set1_epi8(16 - digit_count));
		/* Which digit becomes which byte; -128 for none. */
		__m128i order = _mm_or_si128(_mm_shuffle_epi8(places, skipped),
					     _mm_and_si128(follows, _mm_set1_epi8(-128)));
		__m128i rest = _mm_and_si128(
			follows, _mm_loadu_si128((const __m128i *)(line + columns[index].offset)));
		const uint64_t *next = values + index;
		char *place = lines + columns[index].offset;

		for (size_t count = line_count; count > 0; count--, next += column_count, place += line_bytes) {
			__m128i value = _mm_loadl_epi64((const __m128i *)next);
			__m128i digits = _mm_unpacklo_epi8(_mm_srli_epi16(value, 4), value);

			digits = _mm_shuffle_epi8(letters, _mm_and_si128(digits, nibbles));
			_mm_storeu_si128((__m128i *)place, _mm_or_si128(_mm_shuffle_epi8(digits, order), rest));
		}
	}
}
#endif

void store_hex_lines(char *lines, const char *line, size_t line_bytes, const struct hex_column *columns,
		     size_t column_count, const uint64_t *values, size_t line_count)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		store_widely(lines, line, line_bytes, columns, column_count, values, line_count);
		return;
	}
#endif
	store_hex_lines_plainly(lines, line, line_bytes, columns, column_count, values, line_count);
}
