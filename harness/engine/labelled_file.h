/*
 * labelled_file - an outside file of labelled answers: CSV, JSONL, or JSON (an array of records, or records by key).
 *
 * Each record becomes a JSON object of its columns, texts repaired to valid UTF-8; cells of a CSV are texts. In an object of
 * lists, as HarmBench publishes its validation set, every element of a list is a record.
 *
 * Errors    what cannot be read names file:line. Which columns are needed is the caller's business.
 */
#ifndef ENGINE_LABELLED_FILE_H
#define ENGINE_LABELLED_FILE_H

#include "base/err.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* `record` is borrowed; an error ends the walk. */
typedef enum err labelled_fn(const cJSON *record, int64_t line, void *context, struct error *e);

/* The format follows from the name: .csv, .jsonl, .ndjson, .json. */
enum err labelled_file_each(const char *path, labelled_fn *each, void *context, struct error *e) MUST_CHECK;

#endif
