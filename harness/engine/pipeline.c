#include "engine/pipeline.h"

#include "base/text_safe.h"
#include "engine/dispatch.h"
#include "engine/judging.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

void gate_init(struct gate *g)
{
    (void)pthread_mutex_init(&g->lock, NULL);
    clock_cond_init(&g->open);
    atomic_store(&g->passes, 0);
    atomic_store(&g->waiting, 0);
}

void gate_release(struct gate *g)
{
    (void)pthread_cond_destroy(&g->open);
    (void)pthread_mutex_destroy(&g->lock);
}

void gate_open(struct gate *g)
{
    atomic_fetch_add(&g->passes, 1);
    if (atomic_load(&g->waiting) == 0)
        return;
    /* Whoever waits holds the lock from its look at `passes` until it sleeps. It is woken without the lock, which it would wait for. */
    (void)pthread_mutex_lock(&g->lock);
    (void)pthread_mutex_unlock(&g->lock);
    (void)pthread_cond_broadcast(&g->open);
}

uint64_t gate_seen(struct gate *g)
{
    return atomic_load(&g->passes);
}

void gate_wait(struct gate *g, uint64_t seen, int64_t timeout_us)
{
    struct timespec until = clock_deadline(timeout_us);
    (void)pthread_mutex_lock(&g->lock);
    atomic_fetch_add(&g->waiting, 1); /* before the look at `passes`: whoever opens after it will see us */
    while (atomic_load(&g->passes) == seen) {
        if (pthread_cond_timedwait(&g->open, &g->lock, &until) == ETIMEDOUT)
            break;
    }
    atomic_fetch_sub(&g->waiting, 1);
    (void)pthread_mutex_unlock(&g->lock);
}

void pipeline_notice(struct pipeline *p, enum log_level level, const char *kind, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);

    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(text, strlen(text), 0, true, &safe);
    struct notice *n = xcalloc(1, sizeof(*n));
    n->level = level;
    n->kind = kind;
    n->at = clock_wall_us(p->clock);
    n->times = 1;
    (void)snprintf(n->message, sizeof(n->message), "%s", safe.buf);

    (void)pthread_mutex_lock(&p->tally.lock);
    if (p->tally.last_notice)
        p->tally.last_notice->next = n;
    else
        p->tally.first_notice = n;
    p->tally.last_notice = n;
    (void)pthread_mutex_unlock(&p->tally.lock);
}

/* What a person can do about an endpoint that stopped. */
static const char *advice(const char *reason)
{
    static const struct {
        const char *reason, *advice;
    } known[] = {
        { "auth", "check the endpoint's api_key, then `gauntlet resume`" },
        { "credits", "add credits or raise the quota, then `gauntlet resume`" },
        { "budget", "raise the budget, then `gauntlet resume`" },
        { "unreachable", "is base_url right and the server up? `gauntlet resume` goes on" },
        { "model_unavailable", "check `model`, `provider` and base_url" },
        { "redirect", "the server redirects: set base_url to the final address" },
        { "certificate", "set tls.ca_file to the server's CA" },
        { "judge_canary", "check the judge's model and its chat template, then `gauntlet rescore --missing`" },
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i].reason, reason) == 0)
            return known[i].advice;
    }
    return "`gauntlet resume` goes on";
}

const char *pipeline_words(const struct pipeline *p, const struct trial *t)
{
    const struct sample *sample = &(t->question ? t->question->about : t)->pending->sample;
    return redact_matches(&p->redact, sample->category, sample->subcategory) ? NULL : t->facts.message;
}

void pipeline_stop_lanes(struct pipeline *p, struct lane *lane, const char *reason, bool whole_credential, const char *words)
{
    for (size_t i = 0; i < p->lane_count; i++) {
        struct lane *other = &p->lane[i];
        bool concerned = other == lane || (whole_credential && other->credential == lane->credential);
        if (concerned && lane_stop(other, reason))
            pipeline_notice(p, LOG_WARN, reason, "endpoint '%s' stopped (%s): %s; %s", other->config->name, reason,
                            words && words[0] ? words : "no words from the server", advice(reason));
    }
    pipeline_wake(p);
}

void pipeline_fail(struct pipeline *p, const struct error *e)
{
    (void)pthread_mutex_lock(&p->tally.lock);
    if (!atomic_load(&p->failed)) {
        p->failure = *e;
        atomic_store(&p->failed, true);
    }
    (void)pthread_mutex_unlock(&p->tally.lock);
    pipeline_wake(p);
}

void pipeline_wake(struct pipeline *p)
{
    for (size_t i = 0; i < p->dispatcher_count; i++)
        dispatcher_wake(p->dispatcher[i]);
    gate_open(&p->gate);
    gate_open(&p->done);
}

void pipeline_release(struct pipeline *p, struct trial *t)
{
    trial_leave_prefetched(t);
    struct trial *about = t->question ? t->question->about : NULL;
    struct judging *j = t->judging;
    if (j && !j->left_lane && atomic_load(&j->holders) > 1) {
        j->left_lane = true;
        http_reply_release(&t->reply);
        atomic_fetch_add(&p->judged, 1);
        atomic_fetch_sub(&t->lane->alive, 1);
    }
    judging_release(p, t);
    if (about)
        judging_release(p, about);
}

bool pipeline_idle(struct pipeline *p)
{
    return atomic_load(&p->loaded) && atomic_load(&p->alive) == 0;
}
