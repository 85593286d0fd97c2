/*
 * json_member - members of a JSON object for what may be unknown: a value, or null.
 */
#ifndef BASE_JSON_MEMBER_H
#define BASE_JSON_MEMBER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* NULL becomes null. */
void json_member_text(cJSON *object, const char *key, const char *text);
/* NULL and "" become null. */
void json_member_word(cJSON *object, const char *key, const char *text);
/* null unless `known`. */
void json_member_int(cJSON *object, const char *key, bool known, int64_t value);
/* NaN and infinity become null. */
void json_member_number(cJSON *object, const char *key, double value);
/* The JSON that `text` is; null for NULL and for text that is none. */
void json_member_parsed(cJSON *object, const char *key, const char *text);
/* "2026-11-24T07:05:53.123Z"; null for 0 and before. */
void json_member_time(cJSON *object, const char *key, int64_t wall_us);

#endif
