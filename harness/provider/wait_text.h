/*
 * wait_text - how servers write how long something lasts: "6m0s", "2.5", "120ms", a date, seconds since 1970.
 *
 * For headers, which are outside data: every function takes any text. Pure.
 */
#ifndef PROVIDER_WAIT_TEXT_H
#define PROVIDER_WAIT_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* The text after blanks and tabs. */
const char *wait_text_blanks(const char *p);
/* A plain decimal number, no sign, no exponent (strtod would also take "inf", "nan" and "0x10"): where it ends, or NULL. */
const char *wait_text_number(const char *p, double *ret);
/* True when the text is such a number and nothing else. */
bool wait_text_whole_number(const char *text, double *ret);
/* "6m0s", "2.5s", "120ms", "1 minute 5 seconds": numbers with units, added up. *ret_end (may be NULL) is where it stopped. */
bool wait_text_duration(const char *p, int64_t *ret_us, const char **ret_end);
/* value x unit_us in microseconds, at most 146,000 years. */
int64_t wait_text_scale(double value, double unit_us);
/* From now until then; 0 for a date in the past. */
int64_t wait_text_until(int64_t date_s, int64_t now_wall_us);
/*
 * Microseconds from now: a number of seconds, a duration, a date of RFC 3339, or seconds or milliseconds since 1970 (a number
 * of a thousand million and more). -1 when it is none of them.
 */
int64_t wait_text_us(const char *text, int64_t now_wall_us);

#endif
