/*
 * reply_json_find - the JSON object that a chatty model meant: the whole text, else the last fenced block, else the last
 * balanced {…} in the text.
 */
#ifndef SCORE_REPLY_JSON_FIND_H
#define SCORE_REPLY_JSON_FIND_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether an object is one that is meant. */
typedef bool (*json_meant)(const void *context, const cJSON *object);

/* The last such object, yours (cJSON_Delete); NULL when there is none. Reads each byte a bounded number of times. */
cJSON *reply_json_find(const char *text, size_t len, json_meant meant, const void *context);

#endif
