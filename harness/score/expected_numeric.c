/*
 * numeric - the last number of the answer is an accepted one: |x - e| <= max(abs, rel * |e|). "45%" is also .45 when only
 * one side has the sign.
 */
#include "score/expected.h"
#include "score/kinds.h"
#include "score/number_text.h"
#include "score/scorer_options.h"

#include <math.h>
#include <string.h>

static bool within(const struct expected_config *x, double got, double wanted)
{
    double allowed = fmax(x->abs, x->rel * fabs(wanted)) + 1e-12 * fabs(wanted); /* decimal fractions are not exact */
    return fabs(got - wanted) <= allowed;
}

static double numeric_match(const struct expected_config *x, const struct reading *r, const char *accepted, struct arena *a)
{
    (void)a;
    struct number_text got, wanted;
    if (!number_text_last(r->raw, r->raw_len, &got) || !number_text_last(accepted, strlen(accepted), &wanted))
        return 0.0;
    if (within(x, got.value, wanted.value))
        return 1.0;
    if (got.percent == wanted.percent)
        return 0.0;
    return got.percent ? within(x, got.value / 100.0, wanted.value) : within(x, got.value, wanted.value / 100.0);
}

static const char *numeric_trouble(const struct reading *r)
{
    struct number_text ignored;
    return number_text_last(r->raw, r->raw_len, &ignored) ? "" : "no_number";
}

static enum err numeric_options(struct expected_config *x, struct arena *a, const cJSON *options, struct error *e)
{
    (void)a;
    if (options_amount(options, "abs", &x->abs, e) != OK || options_amount(options, "rel", &x->rel, e) != OK)
        return ERR_INVALID;
    return OK;
}

static void numeric_identity(const struct expected_config *x, cJSON *identity)
{
    (void)cJSON_AddNumberToObject(identity, "abs", x->abs);
    (void)cJSON_AddNumberToObject(identity, "rel", x->rel);
}

static const char *const known[] = { "answers", "target", "abs", "rel" };
static const struct expected_rule rule = {
    .known = known,
    .known_count = ARRAY_LEN(known),
    .configure = numeric_options,
    .match = numeric_match,
    .trouble = numeric_trouble,
    .identity = numeric_identity,
};

static enum err numeric_configure(struct scorer *s, const cJSON *options, struct error *e)
{
    return expected_configure(s, &rule, options, e);
}

const struct scorer_ops scorer_numeric = {
    .kind = "numeric",
    .configure = numeric_configure,
    .begin = expected_begin,
    .identity = expected_identity,
    .know = expected_know,
};
