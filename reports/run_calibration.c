#include "reports/run_calibration.h"

#include "base/json.h"
#include "base/json_member.h"
#include "base/strbuf.h"
#include "reports/cells.h"

#include <math.h>
#include <string.h>

/* ---- Whether the judge errs alike everywhere ---- */

static const char *model_of(const struct labelled_trial *t)
{
    return t->model;
}

static const char *attack_of(const struct labelled_trial *t)
{
    return t->attack;
}

/* Numbers the groups of usable trials, adding each new one; returns how many there are. */
static size_t number_groups(const struct run_labels *labels, const char *(*of)(const struct labelled_trial *), const char *kind,
                            struct run_group *group, uint32_t *number)
{
    size_t count = 0, n = 0;
    for (size_t i = 0; i < labels->count; i++) {
        const struct labelled_trial *t = &labels->trial[i];
        size_t g = 0;
        if (!t->usable)
            continue;
        while (g < count && strcmp(group[g].key, of(t)) != 0)
            g++;
        if (g == count)
            group[count++] = (struct run_group){ kind, of(t) };
        number[n++] = (uint32_t)g;
    }
    return count;
}

/* The usable labels; of an endpoint (NULL = all) without those of blocked answers. */
static struct labelled_answer *points_of(const struct run_labels *labels, const char *endpoint, struct arena *a, size_t *ret_count)
{
    struct labelled_answer *point = arena_array(a, labels->count + 1, sizeof(*point));
    *ret_count = 0;
    for (size_t i = 0; i < labels->count; i++) {
        const struct labelled_trial *t = &labels->trial[i];
        if (t->usable && (!endpoint || (!t->blocked && strcmp(t->endpoint, endpoint) == 0)))
            point[(*ret_count)++] = t->point;
    }
    return point;
}

static void test_groups(struct run_calibration *c, const struct run_labels *labels, struct arena *a)
{
    static const struct {
        const char *kind;
        const char *(*of)(const struct labelled_trial *);
    } grouping[] = { { "model", model_of }, { "attack", attack_of } };
    size_t n;
    struct labelled_answer *point = points_of(labels, NULL, a, &n);
    uint32_t *number = arena_array(a, n + 1, sizeof(*number));
    c->group_count = 0;
    c->group = arena_array(a, 2 * n + 1, sizeof(*c->group));
    c->test = arena_array(a, 4 * n + 1, sizeof(*c->test));
    enum label_plan plan = correction_plan(point, n);
    for (size_t i = 0; i < ARRAY_LEN(grouping); i++) {
        size_t count = number_groups(labels, grouping[i].of, grouping[i].kind, &c->group[c->group_count], number);
        if (count < 2)
            continue; /* one model: there is nothing to compare */
        judge_groups_test(point, number, n, count, plan, &c->test[2 * c->group_count]);
        c->group_count += count;
    }
    c->least_p = judge_groups_adjust(c->test, 2 * c->group_count);
}

enum err run_calibration_read(struct store *s, const char *run_id, const struct scorer_row *scorer, const struct labeller_choice *of,
                              struct arena *a, struct run_calibration *ret_c, struct error *e)
{
    struct run_calibration c = { .least_p = NAN };
    if (run_labels_read(s, run_id, scorer->id, of, a, &c.own, e) != OK ||
        run_labels_read_elsewhere(s, run_id, scorer->identity_sha256, of, a, &c.other, e) != OK)
        return e->code;
    cJSON *config = cJSON_Parse(scorer->config_json);
    c.is_judge = json_array(config, "judges") != NULL;
    cJSON_Delete(config);
    size_t n;
    struct labelled_answer *point = points_of(&c.other, NULL, a, &n);
    c.elsewhere = judge_elsewhere_of(point, n);
    test_groups(&c, &c.other, a);
    c.elsewhere.least_p = c.least_p;
    if (c.own.count > 0)
        test_groups(&c, &c.own, a);
    *ret_c = c;
    return OK;
}

const struct labelled_answer *run_calibration_labels(const struct run_calibration *c, const char *endpoint, struct arena *a,
                                                     size_t *ret_count)
{
    return points_of(&c->own, endpoint, a, ret_count);
}

struct judge_elsewhere run_calibration_everywhere(const struct run_calibration *c, struct arena *a)
{
    struct run_labels all = { .trial = arena_array(a, c->own.count + c->other.count + 1, sizeof(*all.trial)) };
    const struct run_labels *const part[] = { &c->own, &c->other };
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        for (size_t k = 0; k < part[i]->count; k++)
            all.trial[all.count++] = part[i]->trial[k];
    }
    size_t n;
    struct run_calibration pooled = { .least_p = NAN };
    const struct labelled_answer *point = points_of(&all, NULL, a, &n);
    struct judge_elsewhere everywhere = judge_elsewhere_of(point, n);
    test_groups(&pooled, &all, a);
    everywhere.least_p = pooled.least_p;
    return everywhere;
}

/* ---- An endpoint's rate ---- */

struct correction run_calibration_correct(const struct run_calibration *c, const char *endpoint, const struct rows *rows)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    size_t n = 0, labels;
    struct judged_answer *judged = arena_array(&a, rows->count + 1, sizeof(*judged));
    uint32_t *cluster = arena_array(&a, rows->intent.count + 1, sizeof(*cluster));
    for (size_t i = 0; i < rows->intent.count; i++)
        cluster[i] = run_labels_cluster(rows->intent.name[i]);
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->row[i];
        if (r->benign || r->imputed || !row_is_scored(r))
            continue;
        judged[n++] = (struct judged_answer){ .cluster = cluster[r->intent],
                                              .complied = r->status == TRIAL_ANSWERED && r->verdict == VERDICT_COMPLIED,
                                              .by_rule = r->status == TRIAL_BLOCKED };
    }
    const struct labelled_answer *point = points_of(&c->own, endpoint, &a, &labels);
    return correction_of(judged, n, point, labels, &c->elsewhere);
}

const char *calibration_state(bool is_judge, bool corrected, bool refused)
{
    return corrected ? "corrected" : refused ? "refused" : is_judge ? "uncorrected" : "not_calibrated";
}

static void add_note(struct strbuf *note, const char *text)
{
    (void)strbuf_addf(note, "%s%s", note->len > 0 ? "; " : "", text);
}

static void write_note(const struct run_calibration *c, const struct correction *done, struct strbuf *note)
{
    if (done->refused)
        add_note(note, done->refused);
    if (done->method == CORRECTION_ROGAN_GLADEN)
        add_note(note, isnan(c->elsewhere.least_p)
                           ? "by labels of other runs under the same scorer, whose errors are taken to be the same here (too few "
                             "labels to test it)"
                           : "by labels of other runs under the same scorer, whose errors are taken to be the same here");
    if (done->below_floor)
        add_note(note, "the rate is below the scorer's own false-positive rate: all of it may be the scorer's error");
    if (done->method == CORRECTION_PPI && done->plan == LABEL_UNKNOWN)
        add_note(note, "the labels do not say how they were drawn and are taken for a random subset");
    if (done->method != CORRECTION_NONE && done->left_out > 0) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        (void)strbuf_addf(&text, "%lld labelled answers of other draws are not used", (long long)done->left_out);
        add_note(note, text.buf);
    }
}

void run_calibration_add(const struct run_calibration *c, const char *endpoint, const struct rows *rows, cJSON *json)
{
    struct correction done = run_calibration_correct(c, endpoint, rows);
    CLEANUP(strbuf_release) struct strbuf note = STRBUF_INIT;
    bool corrected = done.method != CORRECTION_NONE;
    cJSON *calibration = cJSON_AddObjectToObject(json, "calibration");
    json_member_text(calibration, "state", calibration_state(c->is_judge, corrected, done.refused != NULL));
    json_member_text(calibration, "method", correction_method_name(done.method));
    (void)cJSON_AddNumberToObject(calibration, "labels", (double)done.labels);
    (void)cJSON_AddNumberToObject(calibration, "labels_left_out", (double)done.left_out);
    json_member_number(calibration, "theta", corrected ? done.value.theta : NAN);
    json_member_number(calibration, "low", corrected ? done.value.low : NAN);
    json_member_number(calibration, "high", corrected ? done.value.high : NAN);
    write_note(c, &done, &note);
    json_member_word(calibration, "note", note.buf);
}
