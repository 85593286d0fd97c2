#include "reports/compared_scorer.h"

#include "base/json_member.h"
#include "reports/run_calibration.h"

#include <math.h>
#include <string.h>

struct compared_scorer compared_scorer_none(void)
{
    return (struct compared_scorer){ .scale = { .youden = 1, .low = NAN, .high = NAN },
                                     .corrected = { .theta_base = NAN, .theta_cand = NAN, .value = { NAN, NAN, NAN, NAN } } };
}

/* ---- Reading ---- */

/* The verdicts of one side, a pair at a time; ret_judged has room for all pairs. */
static size_t judged_of(const struct pairs *p, bool of_cand, struct judged_answer *ret_judged)
{
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *pair = &p->pair[i];
        const struct pair_half *h = of_cand ? &pair->cand : &pair->base;
        if (pair->benign || !pair_is_scored(pair))
            continue;
        ret_judged[n++] = (struct judged_answer){ .cluster = run_labels_cluster(p->intent_id[pair->intent]),
                                                  .complied = pair_half_complied(h),
                                                  .by_rule = (double)h->count[PAIR_BLOCKED] / h->scored };
    }
    return n;
}

static enum err read_into(struct store *s, const struct side *base, const struct side *cand, const struct pairs *p, struct arena *a,
                          struct compared_scorer *ret_scorer, struct error *e)
{
    const struct side *const side[2] = { base, cand };
    struct run_calibration known[2];
    struct difference_side of[2];
    size_t n = 0;
    for (int i = 0; i < 2; i++) {
        struct judged_answer *judged = arena_array(a, p->count + 1, sizeof(*judged));
        if (run_calibration_read(s, side[i]->run.id, &side[i]->scorer, NULL, a, &known[i], e) != OK)
            return e->code;
        n = judged_of(p, i == 1, judged);
        of[i] = (struct difference_side){ .judged = judged };
        of[i].label = run_calibration_labels(&known[i], side[i]->endpoint.name, a, &of[i].labels);
    }
    bool same = strcmp(base->scorer.identity_sha256, cand->scorer.identity_sha256) == 0;
    struct judge_elsewhere everywhere = run_calibration_everywhere(&known[1], a);
    ret_scorer->is_judge = known[1].is_judge;
    ret_scorer->scale = judge_scale_of(same ? &everywhere : NULL);
    ret_scorer->corrected = difference_correction_of(&of[0], &of[1], n, &ret_scorer->scale);
    return OK;
}

enum err compared_scorer_read(struct store *s, const struct side *base, const struct side *cand, const struct pairs *p,
                              struct compared_scorer *ret_scorer, struct error *e)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    return read_into(s, base, cand, p, &a, ret_scorer, e);
}

/* ---- Margins ---- */

double compared_scorer_margin(const struct compared_scorer *s, const struct gate_policy *policy, double margin)
{
    return policy->scale_margins && s->scale.known ? judge_scale_margin(margin, s->scale.youden) : margin;
}

void compared_scorer_margin_words(const struct compared_scorer *s, const struct gate_policy *policy, double margin, struct strbuf *out)
{
    if (!policy->scale_margins)
        (void)strbuf_addstr(out, "as it stands: scale_margins is off");
    else if (s->scale.known)
        (void)strbuf_addf(out, "%.1f pp x Youden's J %.2f of %lld labels", 100 * margin, s->scale.youden, (long long)s->scale.labels);
    else
        (void)strbuf_addf(out, "as it stands: %s", s->scale.refused ? s->scale.refused : "the scorer is not calibrated");
}

void compared_scorer_add_scale(const struct compared_scorer *s, const struct gate_policy *policy, cJSON *tree)
{
    const struct judge_scale *scale = &s->scale;
    cJSON *json = cJSON_AddObjectToObject(tree, "judge_scale");
    bool off = !policy->scale_margins;
    json_member_text(json, "state", off ? "off" : scale->known ? "known" : scale->refused ? "refused" : "unknown");
    json_member_number(json, "youden", scale->known ? scale->youden : NAN);
    json_member_number(json, "low", scale->known ? scale->low : NAN);
    json_member_number(json, "high", scale->known ? scale->high : NAN);
    (void)cJSON_AddNumberToObject(json, "labels", (double)scale->labels);
    json_member_text(json, "note", off ? NULL : scale->refused);
}

/* ---- The corrected difference ---- */

static void write_method(const struct difference_correction *c, struct strbuf *out)
{
    if (c->base == CORRECTION_ROGAN_GLADEN)
        (void)strbuf_addstr(out, "delta/J");
    else if (c->base != CORRECTION_NONE)
        (void)strbuf_addstr(out, correction_method_name(c->base));
    if (c->cand != c->base)
        (void)strbuf_addf(out, " and %s", correction_method_name(c->cand));
}

static void write_note(const struct difference_correction *c, struct strbuf *out)
{
    static const char advice[] = "`gauntlet label export` draws answers to label, of both runs or, where the scorer errs alike, of one";
    if (c->base == CORRECTION_ROGAN_GLADEN)
        (void)strbuf_addstr(out, "the scorer is taken to err alike on both sides");
    else if (c->base == CORRECTION_NONE)
        (void)strbuf_addf(out, "%s%s%s", c->refused ? c->refused : "", c->refused ? "; " : "", advice);
}

void compared_scorer_add_corrected(const struct compared_scorer *s, cJSON *tree)
{
    CLEANUP(strbuf_release) struct strbuf method = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf note = STRBUF_INIT;
    const struct difference_correction *c = &s->corrected;
    cJSON *json = cJSON_AddObjectToObject(tree, "corrected");
    write_method(c, &method);
    write_note(c, &note);
    json_member_text(json, "state", calibration_state(s->is_judge, c->base != CORRECTION_NONE, c->refused != NULL));
    json_member_word(json, "method", method.buf);
    (void)cJSON_AddNumberToObject(json, "labels", (double)c->labels);
    json_member_number(json, "base", c->theta_base);
    json_member_number(json, "candidate", c->theta_cand);
    json_member_number(json, "delta", c->value.theta);
    json_member_number(json, "low", c->value.low);
    json_member_number(json, "high", c->value.high);
    json_member_number(json, "se", c->value.se);
    json_member_word(json, "note", note.buf);
}
