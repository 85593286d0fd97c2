/*
 * completion - writes a chat completion, whole or as server-sent events, in every form that servers have been seen to use.
 */
#ifndef SIM_COMPLETION_H
#define SIM_COMPLETION_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct completion {
    const char *id, *model, *fingerprint;
    int64_t created;
    const char *content; /* NULL = null */
    size_t content_len;
    const char *raw_tail;                  /* bytes that follow the content inside its quotes, unescaped; NULL = none */
    const char *second_content;            /* a second member "content" in the same object; NULL = none */
    bool as_parts;                         /* content as [{"type":"text","text":…}, …] */
    const char *reasoning_key, *reasoning; /* NULL = none */
    const char *refusal;                   /* NULL = null */
    bool tool_call;
    const char *finish; /* NULL = null */
    const char *error;  /* message of choices[0].error; NULL = none */
    bool no_choices, no_usage;
    int64_t prompt_tokens, completion_tokens;
};

/* Appends one JSON document. */
void completion_write(const struct completion *c, struct strbuf *out);
/* Appends events up to and with [DONE]; with_usage: the usage chunk that stream_options.include_usage asks for. */
void completion_write_events(const struct completion *c, bool with_usage, struct strbuf *out);

/* For the writers of other protocols: the end of the piece of text that begins at `at`, a few tokens long and never inside a
   character. */
size_t completion_piece_end(const char *text, size_t len, size_t at);
/* Appends a JSON string with the raw bytes (NULL = none) before its closing quote. */
void completion_add_string(struct strbuf *out, const char *text, size_t len, const char *raw_tail);

#endif
