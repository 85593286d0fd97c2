/*
 * json_record - one record's text to a JSON tree, without losing what is wrong with it.
 *
 * cJSON refuses a whole document for one lone surrogate escape and cuts a string at an escaped NUL. Here a lone surrogate
 * becomes the bytes that would encode it (ED A0 80 … ED BF BF): bad UTF-8, to be named with its field and offset like any
 * other. An escaped NUL is refused.
 *
 * Owner     the tree is the caller's: cJSON_Delete.
 */
#ifndef DATASET_JSON_RECORD_H
#define DATASET_JSON_RECORD_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* NULL and *e = ERR_SYNTAX "name:line:column: …" when `text` is not one JSON value. `line` is where the text begins in its
   file. An object with a key twice, or with more than MAX_CSV_COLUMNS keys, is refused too. `scratch` is overwritten. */
cJSON *json_record_parse(const char *text, size_t len, const char *name, int64_t line, struct strbuf *scratch, struct error *e);

#endif
