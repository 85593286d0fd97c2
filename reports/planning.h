/*
 * planning - how many samples a wanted precision needs, and what a budget buys → one JSON tree (statistics.md section 7).
 *
 *     {"schema_version":1,"suite","endpoint","power","delta","half_width",
 *      "basis":{"source":"runs"|"defaults","base","candidate","pairs","same_era","text"},
 *      "ladder":[{"n","detectable","detectable_one_an_intent"}],
 *      "overall":{…},"categories":[{…}],
 *      "cost":{"usd_per_trial","trials","text"},"budget":null|{"usd","trials","samples","detectable","half_width"}}
 *
 * overall and each category are
 *     key, samples, intents     of the newest counted run; null without one
 *     psi, psi_source           share of samples whose outcome differs between the two runs: "runs", "overall" (the category has
 *     deff, deff_source         too few of its own), or "default"; design effect of intents on that difference
 *     asr, asr_deff             of the newest counted run: what the half-width of one rate is formed from
 *     detectable, half_width    at the number of samples the suite has now
 *     for_delta                 samples that find a difference of `delta` with `power`, two-sided 5 %
 *     for_margin                samples that show, when nothing differs, that it is not worse by `delta`, one-sided 5 %
 *     for_half_width            samples for an interval of one rate of +- `half_width`
 *     *_one_an_intent           the same when every sample has an intent of its own (design effect 1)
 * Shares are fractions of 1, numbers of samples are rounded up. null = not known.
 */
#ifndef REPORTS_PLANNING_H
#define REPORTS_PLANNING_H

#include "base/err.h"
#include "base/strbuf.h"
#include "reports/render.h"
#include "store/store.h"

#include <cjson/cJSON.h>

/* Chosen by statistics.md section 7, for want of runs. */
#define DEFAULT_PSI 0.08
#define DEFAULT_DEFF 2.0

struct planning_options {
    const char *suite, *endpoint; /* NULL = of the newest run; the endpoint: the first of the suite's newest run */
    double delta, half_width;     /* fractions of 1, > 0 */
    double power;                 /* above 0, below 1 */
    double budget_usd;            /* < 0 = none */
};

/* `s` may be NULL: there is no store. The tree is yours. ERR_NOT_FOUND for a suite or endpoint without runs. */
enum err planning_build(struct store *s, const struct planning_options *options, cJSON **ret_plan, struct error *e) MUST_CHECK;
enum err planning_render_text(const cJSON *plan, const struct text_style *style, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
