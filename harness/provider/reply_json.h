/*
 * reply_json - what servers send as JSON, parsed as kindly as is safe, and their text made fit to keep.
 *
 * Bytes that are no UTF-8 pass the parser and are repaired when a text is kept: a byte-level tokenizer may cut a
 * character between two stream events, and only the joined text tells whether it is whole.
 * Two escapes cannot stay: a lone surrogate makes cJSON refuse the document, and U+0000 would end a C string early and
 * hide what follows. They become U+FFFD and U+2400 (the picture of NUL).
 */
#ifndef PROVIDER_REPLY_JSON_H
#define PROVIDER_REPLY_JSON_H

#include "base/arena.h"
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>

/* NULL when the text is not one JSON document. text[len] must be readable. The tree is yours (json_freep).
   *repaired is set when an escape was replaced, and never cleared. Of duplicate keys json_get finds the first. */
cJSON *reply_json_parse(const char *text, size_t len, bool *repaired);
/* A copy in `a` with invalid UTF-8 replaced by U+FFFD, which sets *repaired (may be NULL). */
const char *reply_text_keep(struct arena *a, const char *text, size_t len, size_t *ret_len, bool *repaired);
/* The value of a reply's header, kept as above and without spaces at its ends; "" when absent. */
struct http_reply;
const char *reply_header_keep(struct arena *a, const struct http_reply *reply, const char *name);

#endif
