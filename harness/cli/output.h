/*
 * output - small tables and JSON documents on stdout, for the verbs that look things up.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/err.h"
#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A document with "schema_version": 1 as its first member. Yours to give to output_json. */
cJSON *output_document(void);
/* Writes the document, pretty, with a newline, and deletes it. */
void output_json(cJSON *document);

/* Writes text to the file, whose folders are made; NULL and "-" are stdout. */
enum err output_text(const char *path, const struct strbuf *text, struct error *e) MUST_CHECK;

/* A table of text columns; cells are made safe and cut by the terminal's width in the last column only. */
struct output_table {
    size_t columns;
    const char *const *heading; /* columns of them */
    char **cell;                /* row after row; owned */
    size_t count, cap;          /* cells */
};
void output_table_add(struct output_table *t, const char *cell);
/* Writes it and releases the cells. `empty` is said when there is no row. */
void output_table_write(struct output_table *t, const char *empty);
void output_table_release(struct output_table *t);
/* The document when `json`, else the table; releases both. */
void output_either(cJSON *document, struct output_table *t, bool json, const char *empty);

#endif
