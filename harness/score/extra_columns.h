/*
 * extra_columns - a sample's further columns (codeword, answers, …) as text.
 */
#ifndef SCORE_EXTRA_COLUMNS_H
#define SCORE_EXTRA_COLUMNS_H

#include "base/arena.h"
#include "core/sample.h"

#include <cjson/cJSON.h>

/* The columns as a tree: `parsed` when there is one, else the sample's extra_json, read into *ret_own (yours: json_freep).
   NULL when there are none. */
const cJSON *extra_columns(const struct sample *sample, const cJSON *parsed, cJSON **ret_own);
/* A column as text: numbers and booleans are written out. NULL when absent, null or of another type. */
const char *extra_text(const cJSON *extra, const char *name, struct arena *a);
/* A column that is a list, a single value (a list of one), or text that holds a JSON list, as CSV files have it. Items of
   another type are left out. An object is the list of its values. */
size_t extra_texts(const cJSON *extra, const char *name, struct arena *a, const char ***ret_text);

#endif
