/*
 * units - durations and sizes as people write them.
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include "base/err.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

/* "500ms", "30s", "2m", "1h", "1m30s"; fractions allowed ("2.5s"). A bare number is refused, except 0. */
bool units_parse_duration(const char *text, int64_t *ret_us);
/* "512", "64KiB", "20MiB", "1GiB", and the decimal "20MB"; fractions allowed. */
bool units_parse_size(const char *text, uint64_t *ret_bytes);
/* "850ms", "4.7s", "11m51s", "3h05m". */
void units_format_duration(int64_t us, struct strbuf *out);
/* "512 B", "61.7 KiB", "20.0 MiB". */
void units_format_size(uint64_t bytes, struct strbuf *out);
/* "47,524". */
void units_format_count(int64_t count, struct strbuf *out);

#endif
