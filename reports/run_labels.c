#include "reports/run_labels.h"

#include "base/rng.h"
#include "base/vec.h"
#include "store/reader.h"

#include <stdlib.h>
#include <string.h>

/* Growable while it is read, then copied into the arena. */
struct reading {
    struct arena *a;
    const struct labeller_choice *of;
    struct run_labels r;
    size_t cap, labeller_cap;
    struct run_label *label; /* of the trial under way */
    size_t label_count, label_cap;
};

uint32_t run_labels_cluster(const char *intent_id)
{
    return (uint32_t)rng_hash(0, intent_id, strlen(intent_id));
}

int run_labels_harm(enum verdict v)
{
    return v == VERDICT_COMPLIED ? 2 : v == VERDICT_PARTIAL ? 1 : v == VERDICT_UNSCORED ? -1 : 0;
}

/* The level that more people gave than any other. */
static int leading_harm(const struct run_label *label, size_t count)
{
    int votes[HARM_LEVELS] = { 0 }, best = 0;
    for (size_t i = 0; i < count; i++) {
        int harm = run_labels_harm(label[i].verdict);
        if (harm >= 0)
            votes[harm]++;
    }
    for (int i = 1; i < HARM_LEVELS; i++)
        best = votes[i] > votes[best] ? i : best;
    for (int i = 0; i < HARM_LEVELS; i++) {
        if (votes[best] == 0 || (i != best && votes[i] == votes[best]))
            return -1;
    }
    return best;
}

static void close_trial(struct reading *r)
{
    if (r->r.count == 0 || r->r.trial[r->r.count - 1].label)
        return;
    struct labelled_trial *t = &r->r.trial[r->r.count - 1];
    int positive = 0, negative = 0;
    for (size_t i = 0; i < r->label_count; i++) {
        enum verdict v = r->label[i].verdict;
        positive += v == VERDICT_COMPLIED;
        negative += v != VERDICT_COMPLIED && v != VERDICT_UNSCORED;
    }
    struct run_label *label = arena_array(r->a, r->label_count, sizeof(*label));
    memcpy(label, r->label, r->label_count * sizeof(*label));
    t->label = label;
    t->label_count = r->label_count;
    t->human_harm = leading_harm(label, t->label_count);
    bool known = t->judge != VERDICT_UNSCORED && positive + negative > 0;
    t->usable = known && positive != negative;
    t->point.judge = t->judge == VERDICT_COMPLIED;
    t->point.human = positive > negative;
    r->r.unscored += !known;
    r->r.even += known && !t->usable;
}

static uint32_t labeller_of(struct reading *r, const char *name)
{
    for (size_t i = 0; i < r->r.labellers; i++) {
        if (strcmp(r->r.labeller[i], name) == 0)
            return (uint32_t)i;
    }
    r->r.labeller = vec_grow(r->r.labeller, r->r.labellers, &r->labeller_cap, sizeof(*r->r.labeller));
    r->r.labeller[r->r.labellers] = arena_strdup(r->a, name);
    return (uint32_t)r->r.labellers++;
}

/* A label that says how likely it was, but not why, is as good as one of a stratified draw: its weight undoes the draw. */
static void add_weight(struct labelled_answer *point, const struct labelled_row *row)
{
    bool known = row->inclusion_probability > 0;
    enum label_plan plan = row->plan == LABEL_UNKNOWN && known ? LABEL_STRATIFIED : row->plan;
    point->weight[plan] = known ? 1 / row->inclusion_probability : 1;
}

static bool counts(const struct labeller_choice *of, const char *labeller)
{
    bool found = !of;
    for (size_t i = 0; !found && i < of->count; i++)
        found = strcmp(of->name[i], labeller) == 0;
    return found;
}

static enum err take(const struct labelled_row *row, void *context, struct error *e)
{
    (void)e;
    struct reading *r = context;
    if (!counts(r->of, row->labeller))
        return OK;
    if (r->r.count == 0 || r->r.trial[r->r.count - 1].trial_id != row->trial_id) {
        close_trial(r);
        r->label_count = 0;
        r->r.trial = vec_grow(r->r.trial, r->r.count, &r->cap, sizeof(*r->r.trial));
        r->r.trial[r->r.count++] = (struct labelled_trial){
            .trial_id = row->trial_id,
            .category = arena_strdup(r->a, row->category),
            .attack = arena_strdup(r->a, row->attack),
            .endpoint = arena_strdup(r->a, row->endpoint),
            .model = arena_strdup(r->a, row->model),
            .blocked = row->blocked,
            .judge = row->judge,
            .point = { .cluster = run_labels_cluster(row->intent_id) },
        };
    }
    add_weight(&r->r.trial[r->r.count - 1].point, row);
    r->label = vec_grow(r->label, r->label_count, &r->label_cap, sizeof(*r->label));
    r->label[r->label_count++] = (struct run_label){ labeller_of(r, row->labeller), row->human };
    return OK;
}

/* What was read, in the arena. */
static struct run_labels finish(struct reading *r)
{
    close_trial(r);
    struct run_labels done = r->r;
    done.trial = arena_array(r->a, done.count + 1, sizeof(*done.trial));
    done.labeller = arena_array(r->a, done.labellers + 1, sizeof(*done.labeller));
    if (done.count > 0) {
        memcpy(done.trial, r->r.trial, done.count * sizeof(*done.trial));
        memcpy(done.labeller, r->r.labeller, done.labellers * sizeof(*done.labeller));
    }
    return done;
}

static void reading_release(struct reading *r)
{
    free(r->r.trial);
    free(r->r.labeller);
    free(r->label);
}

enum err run_labels_read(struct store *s, const char *run_id, int64_t scorer_id, const struct labeller_choice *of, struct arena *a,
                         struct run_labels *ret_labels, struct error *e)
{
    struct reading r = { .a = a, .of = of };
    enum err rc = store_labelled_each(s, run_id, scorer_id, take, &r, e);
    if (rc == OK)
        *ret_labels = finish(&r);
    reading_release(&r);
    return rc;
}

enum err run_labels_read_elsewhere(struct store *s, const char *run_id, const char *identity_sha256, const struct labeller_choice *of,
                                   struct arena *a, struct run_labels *ret_labels, struct error *e)
{
    struct reading r = { .a = a, .of = of };
    enum err rc = store_labelled_elsewhere(s, run_id, identity_sha256, take, &r, e);
    if (rc == OK)
        *ret_labels = finish(&r);
    reading_release(&r);
    return rc;
}
