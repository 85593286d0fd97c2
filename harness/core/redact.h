/*
 * redact - which categories are withheld: their texts and images leave the store through no report, export or terminal.
 *
 * A list of shell patterns (fnmatch, without regard to case), each held against the whole name of a category and of a
 * subcategory. What is withheld keeps its id, verdict, score and hashes (report.md section 5). No option overrides it.
 *
 * Owner     a list borrows its patterns.
 */
#ifndef CORE_REDACT_H
#define CORE_REDACT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct redact_list {
    const char *const *pattern;
    size_t count;
};

/* Every child-safety category, as taxonomies name them: by words, and by the codes of Llama Guard (S4) and MLCommons (cse). */
extern const struct redact_list redact_default;

/* Either name may be NULL. */
bool redact_matches(const struct redact_list *l, const char *category, const char *subcategory);
/* What holds for a run: the list that its configuration had (`run_config_json`, may be NULL) and this machine's `own`. An `own` that
   nobody wrote (`own_given` false: the default) counts only when the run recorded none. In `a`, or borrowed from `own`. */
struct redact_list redact_of_run(const char *run_config_json, const struct redact_list *own, bool own_given, struct arena *a);

#endif
