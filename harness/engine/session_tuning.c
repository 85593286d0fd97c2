#include "engine/session_tuning.h"

#include "engine/tuning.h"
#include "store/reader.h"

static void go_deaf(struct session *s, const struct error *e)
{
    pipeline_notice(&s->p, LOG_WARN, "limits", "`gauntlet tune` cannot reach this run: %.400s", e->msg);
    store_close(s->wishes);
    s->wishes = NULL;
}

static enum err next_wishes(struct session *s, struct event_row **ret_event, size_t *ret_count, struct error *e)
{
    return store_event_news(s->wishes, s->p.run_id, TUNE_EVENT, &s->wishes_seen, &s->arena_of_ticks, ret_event, ret_count, e);
}

void session_hear_wishes(struct session *s)
{
    struct error e;
    struct event_row *old;
    size_t count;
    if (store_open(store_path(s->p.store), STORE_READ, &s->wishes, &e) != OK || next_wishes(s, &old, &count, &e) != OK)
        go_deaf(s, &e);
}

static void hear_wishes(struct session *s)
{
    struct error e;
    struct event_row *event;
    size_t count;
    if (next_wishes(s, &event, &count, &e) != OK) {
        go_deaf(s, &e);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct tuning t;
        if (tuning_read(event[i].detail_json, &s->arena_of_ticks, &t))
            tuning_apply(&s->p, &t);
    }
}

void session_tune(struct session *s)
{
    if (s->wishes)
        hear_wishes(s);
    const struct settings *now = s->options->reread ? s->options->reread(s->options->context) : NULL;
    if (now) {
        tuning_apply_settings(&s->p, s->limits, now);
        s->limits = now;
    }
}
