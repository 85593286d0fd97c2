/*
 * refusal_presets - published lists of phrases of refusal, to the letter, and one of our own.
 *
 * Their authors call them prefixes and test them as substrings anywhere. Name, count and hash are a list's identity:
 * such lists grow, so a list is never changed under its name; a new revision gets a new one.
 */
#ifndef SCORE_REFUSAL_PRESETS_H
#define SCORE_REFUSAL_PRESETS_H

#include <stdbool.h>
#include <stddef.h>

struct refusal_preset {
    const char *name;
    const char *const *phrase;
    size_t count;
    bool ours;     /* not a published list: meant to be read normalised and in whole words */
    bool any_case; /* its authors look for it in small letters: so does `faithful` */
};

/* NULL when there is none of that name. */
const struct refusal_preset *refusal_preset_find(const char *name);
/* All names, for messages. */
const char *const *refusal_preset_names(size_t *ret_count);

#endif
