/*
 * gate - may this run be released: rules R0 to R6 of statistics.md section 8, each with the numbers that decided.
 *
 * The tree (interface.md section 8): {"schema_version","verdict","exit_code","rules":[{"id","verdict","text","numbers"}]}. Beyond
 * the contract: "candidate" and "baseline" (null without one) as in compare.h, "scorer", "policy", "judge_scale" (compared_scorer.h), "mismatches", "watermark", and
 * "newly_broken": [{"sample","category","base","candidate"}], MAX_GATE_SAMPLES at most; "newly_broken_count" counts all. A rule
 * that the policy does not ask for, or that an earlier one made void, has the verdict NOT_APPLIED. Differences above 0 are worse.
 *
 * R0 and R1 stop early: what does not compare, or is not finished, gets no difference. Without a baseline R1 and R4 remain.
 */
#ifndef REPORTS_GATE_H
#define REPORTS_GATE_H

#include "base/strbuf.h"
#include "core/gate_policy.h"
#include "reports/comparison.h"
#include "reports/render.h"

enum { MAX_GATE_SAMPLES = 200 };

/* The tree is yours. */
cJSON *gate_build(const struct comparison *c, const struct gate_policy *policy);
/* ERR_INVALID when there is neither a baseline nor a ceiling, so that nothing could fail. */
enum err gate_can_decide(const struct gate_policy *policy, bool has_baseline, struct error *e) MUST_CHECK;

/* gate_render.c: one line a rule and the verdict; the same as Markdown; one test case a rule and a newly broken sample. */
enum err gate_render_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e) MUST_CHECK;
enum err gate_render_markdown(const cJSON *tree, struct strbuf *out, struct error *e) MUST_CHECK;
/* The suites of that, for a report that has more. */
struct junit;
void gate_add_suites(const cJSON *tree, struct junit *j);
enum err gate_render_junit(const cJSON *tree, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
