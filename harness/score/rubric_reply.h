/*
 * rubric_reply - a judge's reply read by its rubric's contract: the value of every field, or nothing.
 *
 * A form json is looked for in this order: the whole text, the last fenced block, the last balanced {…}, lines
 * "name: value". Where one is found that names a field of ours, it counts and nothing laxer is tried. In every form the
 * last verdict wins. What stands before </think> is not looked at, nor a <think> that never ends. Off-menu words, numbers out of range, duplicate keys and missing fields are no verdict.
 *
 * Pure. Text is valid UTF-8.
 */
#ifndef SCORE_RUBRIC_REPLY_H
#define SCORE_RUBRIC_REPLY_H

#include "score/rubric.h"

/* Part of a judge scorer's identity: raised whenever a reply can be read otherwise than before. */
enum { RUBRIC_PARSER_VERSION = 1 };

struct field_value {
    bool known;
    int64_t number;   /* integer; flag: 0 or 1; choice: the word's index */
    const char *text; /* text; in the arena */
};

/* False when the reply is unparseable: *ret_why says it in a few words (in the arena). `value` has RUBRIC_MAX_FIELDS. */
bool rubric_read_reply(const struct rubric *r, const char *text, size_t len, struct arena *a, struct field_value *value,
                       const char **ret_why);

#endif
