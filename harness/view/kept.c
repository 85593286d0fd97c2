#include "view/kept.h"

#include "base/arena.h"
#include "store/reader.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 8, REST_FACTOR = 20, MIN_REST_US = 500000 };

struct held {
    void *value;
    void (*free)(void *value);
    int64_t number;
    int users;  /* those who look at it */
    bool stale; /* another one stands in its place: freed with its last user */
    struct held *next;
};

struct place {
    const struct kept_kind *kind; /* NULL = empty */
    char run_id[64];
    struct held *held;
    int64_t version, made_at_us, cost_us, used_at;
    bool making;
};

struct kept {
    pthread_mutex_t lock;
    pthread_cond_t made;
    const struct clock *clock;
    const void *context;
    struct store *watch; /* under the lock */
    struct place place[PLACES];
    struct held *stale;
    int64_t numbers, uses;
};

enum err kept_open(const char *store_path, const struct clock *clock, const void *context, struct kept **ret_k, struct error *e)
{
    struct store *watch;
    enum err rc = store_open(store_path, STORE_READ, &watch, e);
    if (rc != OK)
        return rc;
    struct kept *k = xcalloc(1, sizeof(*k));
    (void)pthread_mutex_init(&k->lock, NULL);
    (void)pthread_cond_init(&k->made, NULL);
    k->clock = clock;
    k->context = context;
    k->watch = watch;
    *ret_k = k;
    return OK;
}

static void held_free(struct held *h)
{
    if (!h)
        return;
    h->free(h->value);
    free(h);
}

void kept_close(struct kept *k)
{
    if (!k)
        return;
    for (int i = 0; i < PLACES; i++)
        held_free(k->place[i].held);
    while (k->stale) {
        struct held *h = k->stale;
        k->stale = h->next;
        held_free(h);
    }
    store_close(k->watch);
    (void)pthread_cond_destroy(&k->made);
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}

/* With the lock. Nobody else may be given it from now on. */
static void retire(struct kept *k, struct held *h)
{
    if (!h)
        return;
    if (h->users == 0) {
        held_free(h);
        return;
    }
    h->stale = true;
    h->next = k->stale;
    k->stale = h;
}

/* With the lock. NULL when all places are being made. */
static struct place *find_place(struct kept *k, const struct kept_kind *kind, const char *run_id)
{
    struct place *oldest = NULL;
    for (int i = 0; i < PLACES; i++) {
        struct place *p = &k->place[i];
        if (p->kind == kind && strcmp(p->run_id, run_id) == 0)
            return p;
        if (!p->making && (!oldest || p->used_at < oldest->used_at))
            oldest = p;
    }
    if (!oldest)
        return NULL;
    retire(k, oldest->held);
    *oldest = (struct place){ .kind = kind };
    (void)snprintf(oldest->run_id, sizeof(oldest->run_id), "%s", run_id);
    return oldest;
}

static bool good_enough(struct kept *k, const struct place *p, int64_t version)
{
    if (!p->held)
        return false;
    int64_t rest = p->cost_us * REST_FACTOR > MIN_REST_US ? p->cost_us * REST_FACTOR : MIN_REST_US;
    return p->making || p->version == version || clock_mono_us(k->clock) - p->made_at_us < rest;
}

static void hand_out(const struct place *p, int64_t version, struct kept_value *ret_value)
{
    p->held->users++;
    *ret_value = (struct kept_value){ .value = p->held->value, .number = p->held->number, .behind = p->version != version };
}

/* With the lock, which is given up meanwhile. */
static enum err make(struct kept *k, struct place *p, struct store *s, int64_t version, struct error *e)
{
    void *value = NULL;
    p->making = true;
    (void)pthread_mutex_unlock(&k->lock);
    int64_t start = clock_mono_us(k->clock);
    enum err rc = store_begin_reading(s, e); /* of one moment, and after the version was read */
    if (rc == OK)
        rc = p->kind->make(s, p->run_id, k->context, &value, e);
    store_rollback(s);
    int64_t end = clock_mono_us(k->clock);
    (void)pthread_mutex_lock(&k->lock);
    p->making = false;
    (void)pthread_cond_broadcast(&k->made);
    if (rc != OK)
        return rc;
    retire(k, p->held);
    p->held = xcalloc(1, sizeof(*p->held));
    *p->held = (struct held){ .value = value, .free = p->kind->free, .number = ++k->numbers };
    p->version = version;
    p->made_at_us = end;
    p->cost_us = end - start;
    return OK;
}

enum err kept_get(struct kept *k, const struct kept_kind *kind, struct store *s, const char *run_id, struct kept_value *ret_value,
                  struct error *e)
{
    int64_t version = 0;
    (void)pthread_mutex_lock(&k->lock);
    enum err rc = store_data_version(k->watch, &version, e); /* before it is read: a change while reading is then seen later */
    struct place *p = NULL;
    while (rc == OK) {
        p = find_place(k, kind, run_id);
        if (p && good_enough(k, p, version))
            break;
        if (p && !p->making) {
            p->used_at = ++k->uses;
            rc = make(k, p, s, version, e);
            break;
        }
        (void)pthread_cond_wait(&k->made, &k->lock);
    }
    if (rc == OK) {
        p->used_at = ++k->uses;
        hand_out(p, version, ret_value);
    }
    (void)pthread_mutex_unlock(&k->lock);
    return rc;
}

static struct held *find_held(struct kept *k, int64_t number)
{
    for (int i = 0; i < PLACES; i++) {
        if (k->place[i].held && k->place[i].held->number == number)
            return k->place[i].held;
    }
    for (struct held *h = k->stale; h; h = h->next) {
        if (h->number == number)
            return h;
    }
    return NULL;
}

void kept_give(struct kept *k, const struct kept_value *value)
{
    (void)pthread_mutex_lock(&k->lock);
    struct held *h = find_held(k, value->number);
    if (h && --h->users == 0 && h->stale) {
        struct held **at = &k->stale;
        while (*at != h)
            at = &(*at)->next;
        *at = h->next;
        held_free(h);
    }
    (void)pthread_mutex_unlock(&k->lock);
}
