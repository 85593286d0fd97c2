/*
 * comparability - whether two sides measured the same thing, field by field (statistics.md section 8, rule R0).
 *
 * The same facts as run.comparability_key is hashed over (engine/identity.h), each with both values, so that a difference says
 * what it is: `dataset` (content hash), `samples` (hash of the set that was asked: prompts, intents, image bytes as they are sent),
 * `system` (prompt), `order` (of text and images), `epochs`, `decoding` (every parameter of the endpoint, image detail among them,
 * as decoding.NAME), `scorer` (identity of the primary scorer: rules, judge, rubric). Where the sets differ, `samples.selection` tells
 * how they were chosen. Model, provider and address are what a comparison is about, so they are no fields.
 */
#ifndef REPORTS_COMPARABILITY_H
#define REPORTS_COMPARABILITY_H

#include "reports/side.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Fields that may differ all the same: `decoding` covers decoding.seed. */
struct allowed_fields {
    const char *const *field;
    size_t count;
};
/* ERR_INVALID with the nearest name when one is no field. */
enum err comparability_check_fields(const struct allowed_fields *allowed, struct error *e) MUST_CHECK;
/* [{"field","base","candidate","allowed"}], a value null where the store does not know it; *ret_comparable when each is allowed. The array is yours. */
enum err comparability_of(struct store *s, const struct side *base, const struct side *cand, const struct allowed_fields *allowed,
                          cJSON **ret_mismatches, bool *ret_comparable, struct error *e) MUST_CHECK;
/* "system and scorer", the fields of a list of mismatches in words; `allowed` picks those that are, or are not. */
void comparability_names(const cJSON *mismatches, bool allowed, struct strbuf *out);

#endif
