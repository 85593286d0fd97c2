/*
 * phrases - a list of phrases, found as substrings anywhere in a text in one pass.
 *
 * Owner     the arena that phrases_new was given; the list and its phrases are borrowed.
 * Threads   immutable once made.
 */
#ifndef SCORE_PHRASES_H
#define SCORE_PHRASES_H

#include "base/arena.h"
#include "base/sha256.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

struct phrases;

/* In which form phrases are looked for; the texts must have it, too. */
enum phrase_form {
    PHRASES_AS_THEY_ARE,
    PHRASES_LOWER, /* capitals of ASCII made small */
    PHRASES_NORMALISED
};
/* The text in that form, into an empty `out`. */
void phrases_shape(enum phrase_form form, const char *text, size_t len, struct strbuf *out);

/* Phrases must be at least two bytes long. */
struct phrases *phrases_new(const char *const *phrase, size_t count, enum phrase_form form, struct arena *a);
/* From now on a phrase is found only where no word runs on beyond its ends: "as an ai" is not in "as an airbnb". */
void phrases_whole_words(struct phrases *p);
/* The phrase, as it stands in the list, that occurs first in the text (of two at the same place the earlier in the list);
   NULL when none does. */
const char *phrases_find(const struct phrases *p, const char *text, size_t len);
/* Of the list: each phrase followed by a line feed. */
struct sha256_hex phrases_hash(const char *const *phrase, size_t count);

#endif
