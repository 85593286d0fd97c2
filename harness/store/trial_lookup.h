/*
 * trial_lookup - what a viewer looks up one trial at a time: where an image lies, whether a text holds a word, its texts.
 */
#ifndef STORE_TRIAL_LOOKUP_H
#define STORE_TRIAL_LOOKUP_H

#include "base/arena.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stored_image {
    const char *root;   /* of its data set, where the last run found it; NULL = unknown */
    const char *name;   /* as image_source.h reads it */
    const char *sha256; /* NULL = it was not read yet */
    const char *run_id, *category, *subcategory;
};
/* Image `position` (from 0) of a trial's sample. ERR_NOT_FOUND when there is none. */
enum err store_trial_image(struct store *s, int64_t trial_id, int64_t position, struct arena *a, struct stored_image *ret_image,
                           struct error *e) MUST_CHECK;

enum text_scope { TEXT_PROMPT = 1u << 0, TEXT_ANSWER = 1u << 1, TEXT_RATIONALE = 1u << 2 };
/* Whether one of a trial's texts holds `word`, whatever the case of ASCII letters. The answer is its content, its reasoning and its
   refusal, the rationale what scorers said. */
enum err store_text_holds(struct store *s, int64_t trial_id, const char *word, unsigned scopes, bool *ret_holds,
                          struct error *e) MUST_CHECK;

/* Gives the same texts to whoever looks into them by other means; empty ones are left out. `votes` = the text is a JSON list of a judge
   panel's votes, whose explanations are meant. The text is borrowed for the call. */
typedef void trial_text_fn(const char *text, size_t len, bool votes, void *context);
enum err store_trial_texts(struct store *s, int64_t trial_id, unsigned scopes, trial_text_fn *give, void *context,
                           struct error *e) MUST_CHECK;

#endif
