/*
 * contains - an accepted answer stands in the answer as whole words. Beware of negation ("it is not Paris"): prefer `exact`
 * or `choice` where they fit.
 */
#include "score/expected.h"
#include "score/kinds.h"
#include "score/tokens.h"

#include <string.h>

static double contains_match(const struct expected_config *x, const struct reading *r, const char *accepted, struct arena *a)
{
    (void)x;
    (void)a;
    CLEANUP(strbuf_release) struct strbuf wanted = STRBUF_INIT;
    expected_normalise(accepted, strlen(accepted), &wanted);
    return tokens_contain(r->text.buf, r->text.len, wanted.buf, wanted.len) ? 1.0 : 0.0;
}

static const char *const known[] = { "answers", "target" };
static const struct expected_rule rule = { .known = known, .known_count = ARRAY_LEN(known), .match = contains_match };

static enum err contains_configure(struct scorer *s, const cJSON *options, struct error *e)
{
    return expected_configure(s, &rule, options, e);
}

const struct scorer_ops scorer_contains = {
    .kind = "contains",
    .configure = contains_configure,
    .begin = expected_begin,
    .identity = expected_identity,
    .know = expected_know,
};
