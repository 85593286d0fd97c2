#include "view/label_desk.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_UNDO = 1000 };

struct change { /* what was there before */
    int64_t trial_id;
    bool labelled;
    struct label_row label; /* note is a copy of ours */
};

struct label_desk {
    pthread_mutex_t lock;
    char *store_path, *labeller;
    struct store *store;          /* NULL until the first label */
    struct change undo[MAX_UNDO]; /* a ring: the newest at last - 1 */
    size_t last, count;
};

struct label_desk *label_desk_new(const char *store_path, const char *labeller)
{
    struct label_desk *d = xcalloc(1, sizeof(*d));
    (void)pthread_mutex_init(&d->lock, NULL);
    d->store_path = xstrdup(store_path);
    d->labeller = xstrdup(labeller);
    return d;
}

static void change_release(struct change *c)
{
    free((void *)(uintptr_t)c->label.note);
    memset(c, 0, sizeof(*c));
}

void label_desk_free(struct label_desk *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < MAX_UNDO; i++)
        change_release(&d->undo[i]);
    store_close(d->store);
    (void)pthread_mutex_destroy(&d->lock);
    free(d->store_path);
    free(d->labeller);
    free(d);
}

const char *label_desk_labeller(const struct label_desk *d)
{
    return d->labeller;
}

/* The label of ours that the trial has now. */
static enum err find_own(struct label_desk *d, int64_t trial_id, struct arena *a, const struct label_row **ret_label, struct error *e)
{
    struct label_row *label;
    size_t count;
    enum err rc = store_label_list(d->store, trial_id, a, &label, &count, e);
    *ret_label = NULL;
    for (size_t i = 0; rc == OK && i < count; i++) {
        if (strcmp(label[i].labeller, d->labeller) == 0)
            *ret_label = &label[i];
    }
    return rc;
}

static void remember(struct label_desk *d, int64_t trial_id, const struct label_row *before)
{
    struct change *c = &d->undo[d->last];
    change_release(c);
    c->trial_id = trial_id;
    c->labelled = before != NULL;
    if (before) {
        c->label = *before;
        c->label.note = before->note ? xstrdup(before->note) : NULL;
        c->label.labeller = d->labeller;
    }
    d->last = (d->last + 1) % MAX_UNDO;
    d->count += d->count < MAX_UNDO;
}

static enum err set(struct label_desk *d, int64_t trial_id, const enum verdict *verdict, const char *note, int64_t now_us, struct arena *a,
                    struct error *e)
{
    const struct label_row *before;
    if (!d->store && store_open(d->store_path, STORE_WRITE, &d->store, e) != OK)
        return e->code;
    if (find_own(d, trial_id, a, &before, e) != OK)
        return e->code;
    if (!verdict && !before)
        return OK;
    struct label_row label = { .trial_id = trial_id,
                               .labeller = d->labeller,
                               .note = note,
                               .created_at = now_us,
                               .inclusion_probability = before ? before->inclusion_probability : -1,
                               .plan = before && before->plan != LABEL_UNKNOWN ? before->plan : LABEL_PICKED };
    if (verdict)
        label.verdict = *verdict;
    enum err rc = verdict ? store_label_put(d->store, &label, e) : store_label_remove(d->store, trial_id, d->labeller, e);
    if (rc == OK)
        remember(d, trial_id, before);
    return rc;
}

enum err label_desk_set(struct label_desk *d, int64_t trial_id, const enum verdict *verdict, const char *note, int64_t now_us,
                        struct error *e)
{
    struct arena a = ARENA_INIT;
    (void)pthread_mutex_lock(&d->lock);
    enum err rc = set(d, trial_id, verdict, note, now_us, &a, e);
    (void)pthread_mutex_unlock(&d->lock);
    arena_release(&a);
    return rc;
}

static enum err undo(struct label_desk *d, int64_t *ret_trial_id, struct error *e)
{
    *ret_trial_id = 0;
    if (d->count == 0)
        return OK;
    size_t at = (d->last + MAX_UNDO - 1) % MAX_UNDO;
    struct change *c = &d->undo[at];
    enum err rc = c->labelled ? store_label_put(d->store, &c->label, e) : store_label_remove(d->store, c->trial_id, d->labeller, e);
    if (rc != OK)
        return rc;
    *ret_trial_id = c->trial_id;
    change_release(c);
    d->last = at;
    d->count--;
    return OK;
}

enum err label_desk_undo(struct label_desk *d, int64_t *ret_trial_id, struct error *e)
{
    (void)pthread_mutex_lock(&d->lock);
    enum err rc = undo(d, ret_trial_id, e);
    (void)pthread_mutex_unlock(&d->lock);
    return rc;
}

size_t label_desk_undoable(struct label_desk *d)
{
    (void)pthread_mutex_lock(&d->lock);
    size_t count = d->count;
    (void)pthread_mutex_unlock(&d->lock);
    return count;
}
