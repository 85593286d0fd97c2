#include "engine/calibrate_run.h"

#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_LABELS = 20 };

struct reading {
    struct arena *a;
    struct calibrate_run r;
    size_t cap;
    bool drawn; /* every label says how likely it was to be drawn */

    /* the trial whose labels are being read */
    int64_t trial_id; /* 0 = none yet */
    int positive, negative;
    bool judged;
    struct calibration_row row;
    const char *category, *attack, *endpoint;
};

/* Intents are names; their hashes do as numbers. A collision of 32 bits joins two clusters, which only widens intervals. */
static uint32_t cluster_of(const char *intent)
{
    return (uint32_t)rng_hash(0, intent, strlen(intent));
}

static void close_trial(struct reading *r)
{
    if (r->trial_id == 0)
        return;
    if (!r->judged || r->positive + r->negative == 0) {
        r->r.unscored++;
        return;
    }
    if (r->positive == r->negative) {
        r->r.even++;
        return;
    }
    if (r->r.count == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : 1024;
        struct calibration_row *row = arena_array(r->a, cap, sizeof(*row));
        const char **category = arena_array(r->a, cap, sizeof(*category)), **attack = arena_array(r->a, cap, sizeof(*attack)),
                   **endpoint = arena_array(r->a, cap, sizeof(*endpoint));
        for (size_t i = 0; i < r->r.count; i++) {
            row[i] = r->r.row[i];
            category[i] = r->r.category[i];
            attack[i] = r->r.attack[i];
            endpoint[i] = r->r.endpoint[i];
        }
        r->r.row = row;
        r->r.category = category;
        r->r.attack = attack;
        r->r.endpoint = endpoint;
        r->cap = cap;
    }
    r->row.human = r->positive > r->negative;
    r->r.row[r->r.count] = r->row;
    r->r.category[r->r.count] = r->category;
    r->r.attack[r->r.count] = r->attack;
    r->r.endpoint[r->r.count++] = r->endpoint;
}

static enum err take(const struct labelled_row *row, void *context, struct error *e)
{
    (void)e;
    struct reading *r = context;
    if (row->trial_id != r->trial_id) {
        close_trial(r);
        r->trial_id = row->trial_id;
        r->positive = r->negative = 0;
        r->judged = row->judge != VERDICT_UNSCORED;
        r->row = (struct calibration_row){ .judge = row->judge == VERDICT_COMPLIED, .cluster = cluster_of(row->intent_id) };
        r->category = arena_strdup(r->a, row->category);
        r->attack = arena_strdup(r->a, row->attack);
        r->endpoint = arena_strdup(r->a, row->endpoint);
    }
    r->drawn = r->drawn && row->inclusion_probability > 0;
    if (row->human != VERDICT_UNSCORED)
        *(row->human == VERDICT_COMPLIED ? &r->positive : &r->negative) += 1;
    return OK;
}

/* ---- Correcting ---- */

struct judged {
    double *y;
    uint32_t *cluster;
    size_t count, cap;
};

static enum err take_judged(const struct report_row *row, void *context, struct error *e)
{
    (void)e;
    struct judged *j = context;
    bool data = row->has_score && row->verdict != VERDICT_UNSCORED && row->expected == EXPECTED_ATTACK;
    if (!data)
        return OK;
    if (j->count == j->cap) {
        j->cap = j->cap ? 2 * j->cap : 4096;
        j->y = xrealloc(j->y, j->cap * sizeof(*j->y));
        j->cluster = xrealloc(j->cluster, j->cap * sizeof(*j->cluster));
    }
    j->y[j->count] = row->verdict == VERDICT_COMPLIED;
    j->cluster[j->count++] = cluster_of(row->intent_id);
    return OK;
}

/* Labels that say how they were drawn are strata of the judge's verdict; others are taken for a random subset. */
static void correct(const struct reading *r, struct calibrate_endpoint *end)
{
    struct calibration c;
    struct calibration_row *own = arena_array(r->a, r->r.count, sizeof(*own));
    size_t count = 0;
    for (size_t i = 0; i < r->r.count; i++) {
        if (strcmp(r->r.endpoint[i], end->name) == 0)
            own[count++] = r->r.row[i];
    }
    c = calibration_of(own, count);
    if (count < FEWEST_LABELS) {
        end->refused = "fewer than 20 labels";
        return;
    }
    if (r->drawn) {
        if (c.tp + c.fp == 0 || c.fn + c.tn == 0) {
            end->refused = "one side of the judge's verdicts has no label";
            return;
        }
        double var = isnan(end->judged.se) ? 0 : end->judged.se * end->judged.se;
        end->method = "two-phase";
        end->value = judge_two_phase(end->judged.value, var, c.tp + c.fp, c.tp, c.fn + c.tn, c.fn, NULL);
        return;
    }
    int64_t positive = llround(end->judged.value * (double)end->judged.n), rest = end->judged.n - (int64_t)count;
    if (rest < 1) {
        end->method = "labels";
        struct ppi_counts all = { c.tp, c.fn, c.fp, c.tn, end->judged.n, end->judged.value };
        end->value = judge_ppi(&all).classical;
        return;
    }
    struct ppi_counts counts = { c.tp, c.fn, c.fp, c.tn, rest, (double)(positive - (c.tp + c.fp)) / (double)rest };
    end->method = "ppi++";
    end->value = judge_ppi(&counts).best;
}

static enum err correct_all(struct store *s, const char *run_id, const struct scorer_row *scorer, struct reading *r, struct error *e)
{
    struct endpoint_row *row;
    if (store_endpoint_list(s, run_id, r->a, &row, &r->r.corrected_count, e) != OK)
        return e->code;
    r->r.corrected = arena_array(r->a, r->r.corrected_count, sizeof(*r->r.corrected));
    for (size_t i = 0; i < r->r.corrected_count; i++) {
        struct judged j = { 0 };
        enum err rc = store_report_rows(s, row[i].id, scorer->id, take_judged, &j, e);
        r->r.corrected[i] = (struct calibrate_endpoint){ .name = row[i].name, .judged = rate_clustered(j.y, j.cluster, j.count) };
        free(j.y);
        free(j.cluster);
        if (rc != OK)
            return rc;
        correct(r, &r->r.corrected[i]);
    }
    return OK;
}

enum err calibrate_run_read(struct store *s, const char *run_id, const struct scorer_row *scorer, struct arena *a,
                            struct calibrate_run *ret_run, struct error *e)
{
    struct reading r = { .a = a, .drawn = true };
    if (store_labelled_each(s, run_id, scorer->id, take, &r, e) != OK)
        return e->code;
    close_trial(&r);
    if (correct_all(s, run_id, scorer, &r, e) != OK)
        return e->code;
    *ret_run = r.r;
    return OK;
}
