/*
 * run - engine_run: sets the pipeline up from the store's rows, watches it, and closes the books.
 */
#include "engine/engine.h"

#include "base/fs.h"
#include "base/json.h"
#include "core/limits.h"
#include "engine/dispatch.h"
#include "engine/identity.h"
#include "engine/pipeline.h"
#include "engine/recipe.h"
#include "store/reader.h"

#include <stdlib.h>
#include <string.h>

enum { TICK_US = 100000 };

/* What a run works with, beside the pipeline's threads. */
struct session {
    struct arena arena;          /* as long as the session */
    struct arena arena_of_ticks; /* one snapshot */
    struct run_row run;
    struct recipe recipe;
    struct pipeline p;
    const struct run_options *options;
    int64_t start_us;
    pthread_t loader, journal, scoring, *io;
    bool over_budget_of_errors;
    enum stop_level asked; /* by a person */
};

static const struct endpoint_config *config_of(const struct settings *s, const struct endpoint_row *row)
{
    for (size_t i = 0; i < s->endpoint_count; i++) {
        if (strcmp(s->endpoint[i].name, row->name) == 0)
            return &s->endpoint[i];
    }
    return NULL;
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* A resumed run must ask the same system in the same way. */
static enum err check_unchanged(const struct endpoint_config *c, const struct endpoint_row *row, bool sim, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf params = STRBUF_INIT;
    lane_params_json(c, &params);
    const char *what = !sim && !same(c->base_url, row->base_url) ? "base_url"
                       : !same(c->model, row->model)             ? "model"
                       : !same(c->provider, row->provider)       ? "provider"
                       : !same(c->protocol, row->protocol)       ? "protocol"
                       : !same(params.buf, row->params_json)     ? "params"
                                                                 : NULL;
    if (!what)
        return OK;
    return error_set(e, ERR_INVALID,
                     "endpoint '%s': `%s` has changed in the configuration since run %s was planned; put it back, or start a new run",
                     c->name, what, row->run_id);
}

/* Lanes that share a key (or, without one, a server) share their fate on 401 and 402. */
static int credential_of(const struct pipeline *p, size_t index)
{
    const struct lane *lane = &p->lane[index];
    for (size_t i = 0; i < index; i++) {
        const struct secret *ours = lane->target.api_key, *theirs = p->lane[i].target.api_key;
        if (ours && theirs && strcmp(secret_bytes(ours), secret_bytes(theirs)) == 0)
            return p->lane[i].credential;
        if (!ours && !theirs && same(lane->target.base_url, p->lane[i].target.base_url))
            return p->lane[i].credential;
    }
    return (int)index;
}

static enum err set_up_lanes(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    const struct settings *settings = s->options->settings;
    struct endpoint_row *row;
    if (store_endpoint_list(p->store, p->run_id, &s->arena, &row, &p->lane_count, e) != OK)
        return e->code;

    p->lane = xcalloc(p->lane_count, sizeof(*p->lane));
    p->tally.endpoint = arena_array(&s->arena, p->lane_count, sizeof(struct progress_endpoint));
    for (size_t i = 0; i < p->lane_count; i++) {
        bool sim = s->options->base_url != NULL;
        const struct endpoint_config *config = config_of(settings, &row[i]);
        if (!config)
            return error_set(e, ERR_INVALID, "endpoint '%s' of run %s is not in %s", row[i].name, p->run_id,
                             settings->path ? settings->path : "the configuration");
        if (check_unchanged(config, &row[i], sim, e) != OK || (!sim && settings_require_key(settings, config, e) != OK))
            return e->code;
        if (lane_init(&p->lane[i], config, &row[i], s->options->base_url, settings->max_in_flight, e) != OK)
            return e->code;
        p->lane[i].dispatcher = (int)(i % p->dispatcher_count);
        p->lane[i].credential = credential_of(p, i);
    }
    return OK;
}

static enum err set_up_scorers(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    struct scorer_row *row;
    if (store_scorer_list(p->store, p->run_id, &s->arena, &row, &p->scorer_count, e) != OK)
        return e->code;
    if ((int)p->scorer_count != cJSON_GetArraySize(s->recipe.scorer))
        return error_set(e, ERR_INVALID, "run %s: its scorers do not match its recipe", p->run_id);

    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    if (s->recipe.suite_path)
        fs_dirname(s->recipe.suite_path, &folder);
    p->scorer = xcalloc(p->scorer_count, sizeof(struct scorer *));
    p->scorer_id = arena_array(&s->arena, p->scorer_count, sizeof(int64_t));
    for (size_t i = 0; i < p->scorer_count; i++) {
        const cJSON *spec = cJSON_GetArrayItem(s->recipe.scorer, (int)i);
        const char *kind = json_string(spec, "kind");
        if (scorer_new_in(s->recipe.suite_path ? folder.buf : NULL, kind ? kind : "", json_object(spec, "options"), &p->scorer[i], e) != OK)
            return error_prefix(e, "run %s", p->run_id);
        if (strcmp(p->scorer[i]->identity_sha256.text, row[i].identity_sha256) != 0)
            return error_set(e, ERR_INVALID,
                             "run %s was scored by a different `%s` than this build's: verdicts would not compare; start a new run",
                             p->run_id, row[i].name);
        p->scorer_id[i] = row[i].id;
    }
    return OK;
}

static enum err teach_sample(const struct sample *sample, void *context, struct error *e)
{
    struct pipeline *p = context;
    for (size_t i = 0; i < p->scorer_count; i++) {
        if (scorer_know(p->scorer[i], sample, NULL, e) != OK)
            return error_prefix(e, "sample '%s'", sample->id);
    }
    return OK;
}

/* Shows the scorers every sample of the run, so that an answer to another one is recognised. */
static enum err teach_scorers(struct pipeline *p, struct error *e)
{
    bool wanted = false;
    for (size_t i = 0; i < p->scorer_count; i++)
        wanted = wanted || p->scorer[i]->ops->know;
    return wanted && p->lane_count > 0 ? store_sample_each(p->store, &p->lane[0].row, teach_sample, p, e) : OK;
}

static enum err add_verdict(const struct report_row *row, void *context, struct error *e)
{
    (void)e;
    struct progress_endpoint *endpoint = context;
    if (row->has_score && row->status == TRIAL_ANSWERED)
        endpoint->by_verdict[row->verdict]++;
    return OK;
}

/* What earlier sessions of the run did, so that totals are of the run and not of the session. */
static enum err count_before(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    double spent = 0;
    for (size_t i = 0; i < p->lane_count; i++) {
        struct lane *lane = &p->lane[i];
        struct progress_endpoint *endpoint = &p->tally.endpoint[i];
        struct status_counts counts;
        struct attempt_totals totals;
        if (store_status_counts(p->store, p->run_id, lane->row.id, &counts, e) != OK)
            return e->code;
        endpoint->name = lane->row.name;
        endpoint->planned = counts.planned;
        for (int k = 0; k < TRIAL_STATUS_COUNT; k++)
            endpoint->by_status[k] = k == TRIAL_PENDING ? 0 : counts.by_status[k];
        p->planned += counts.planned;
        p->tally.failed += counts.by_status[TRIAL_FAILED];

        bool resumed = counts.by_status[TRIAL_PENDING] < counts.planned;
        if (resumed && store_report_rows(p->store, lane->row.id, p->scorer_id[0], add_verdict, endpoint, e) != OK)
            return e->code;
        if (store_attempt_totals(p->store, lane->row.id, &s->arena, &totals, e) != OK)
            return e->code;
        double before = totals.cost_usd > 0 ? totals.cost_usd : 0;
        budget_init(&lane->budget, lane->config->limits.budget_usd, before);
        spent += before;
    }
    budget_init(&p->budget, s->options->budget_usd >= 0 ? s->options->budget_usd : s->recipe.budget_usd, spent);
    return OK;
}

static enum err set_up_queues(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    size_t capacity = 64;
    for (size_t i = 0; i < p->lane_count; i++)
        capacity += (size_t)p->lane[i].window;
    p->to_journal = queue_new(capacity);
    p->to_scoring = queue_new(capacity);
    p->dispatcher = xcalloc(p->dispatcher_count, sizeof(struct dispatcher *));
    for (size_t i = 0; i < p->dispatcher_count; i++) {
        if (dispatcher_new(p, (int)i, capacity, &p->dispatcher[i], e) != OK)
            return e->code;
    }
    return OK;
}

static enum err set_up(struct session *s, struct store *store, const char *run_id, struct error *e)
{
    struct pipeline *p = &s->p;
    const struct settings *settings = s->options->settings;
    gate_init(&p->gate);
    gate_init(&p->done);
    (void)pthread_mutex_init(&p->tally.lock, NULL);
    p->tally.latency = xcalloc(1, sizeof(*p->tally.latency));
    p->tally.cost_known = true;
    p->clock = s->options->clock;
    p->store = store;
    p->max_in_flight = settings->max_in_flight;
    p->dispatcher_count = (size_t)(settings->io_threads > 0 ? settings->io_threads : 1);

    if (store_run_find(store, run_id, &s->arena, &s->run, e) != OK || recipe_read(s->run.options_json, &s->recipe, e) != OK)
        return e->code;
    p->run_id = s->run.id;
    p->seed = s->recipe.seed;
    p->max_error_rate = s->recipe.max_error_rate;

    struct dataset_row dataset;
    if (store_dataset_get(store, s->run.dataset_id, &s->arena, &dataset, e) != OK)
        return e->code;
    p->style = (struct request_style){ .system = s->recipe.system, .text_first = s->recipe.text_first };
    p->root = dataset.root;

    if (set_up_lanes(s, e) != OK || set_up_scorers(s, e) != OK || teach_scorers(p, e) != OK || count_before(s, e) != OK)
        return e->code;
    return set_up_queues(s, e);
}

static void tear_down(struct session *s)
{
    struct pipeline *p = &s->p;
    for (size_t i = 0; p->dispatcher && i < p->dispatcher_count; i++)
        dispatcher_free(p->dispatcher[i]);
    free(p->dispatcher);
    for (size_t i = 0; p->scorer && i < p->scorer_count; i++)
        scorer_free(p->scorer[i]);
    free(p->scorer);
    for (size_t i = 0; p->lane && i < p->lane_count; i++)
        budget_release(&p->lane[i].budget);
    budget_release(&p->budget);
    free(p->lane);
    queue_free(p->to_journal);
    queue_free(p->to_scoring);
    gate_release(&p->gate);
    gate_release(&p->done);
    (void)pthread_mutex_destroy(&p->tally.lock);
    free(p->tally.latency);
    recipe_release(&s->recipe);
    arena_release(&s->arena);
}

/* The name shows in `top -H` and `perf`. */
static void must_start(pthread_t *thread, const char *name, void *(*run)(void *), void *argument)
{
    if (pthread_create(thread, NULL, run, argument) != 0) {
        (void)fprintf(stderr, "gauntlet: cannot start a thread; is there a limit on processes (ulimit -u)?\n");
        abort(); /* half a pipeline cannot be taken down in order; the store is consistent */
    }
    (void)pthread_setname_np(*thread, name);
}

static void start_threads(struct session *s)
{
    struct pipeline *p = &s->p;
    s->io = arena_array(&s->arena, p->dispatcher_count, sizeof(pthread_t));
    must_start(&s->journal, "journal", journal_main, p);
    must_start(&s->scoring, "scoring", scoring_main, p);
    for (size_t i = 0; i < p->dispatcher_count; i++)
        must_start(&s->io[i], "dispatcher", dispatcher_main, p->dispatcher[i]);
    must_start(&s->loader, "loader", loader_main, p);
}

/* In the order of the flow, so that nothing is left in a queue. */
static void join_threads(struct session *s)
{
    struct pipeline *p = &s->p;
    (void)pthread_join(s->loader, NULL);
    atomic_store(&p->over, true);
    for (size_t i = 0; i < p->dispatcher_count; i++) {
        dispatcher_wake(p->dispatcher[i]);
        (void)pthread_join(s->io[i], NULL);
    }
    queue_close(p->to_scoring);
    (void)pthread_join(s->scoring, NULL);
    queue_close(p->to_journal);
    (void)pthread_join(s->journal, NULL);
}

static void snapshot(struct session *s, struct progress *r)
{
    struct pipeline *p = &s->p;
    (void)pthread_mutex_lock(&p->tally.lock);
    *r = (struct progress){
        .now_us = clock_mono_us(p->clock),
        .start_us = s->start_us,
        .planned = p->planned,
        .session_done = p->tally.session_done,
        .attempts = p->tally.attempts,
        .retries = p->tally.retries,
        .rate_limited = p->tally.rate_limited,
        .in_flight = atomic_load(&p->in_flight),
        .backlog = atomic_load(&p->backlog),
        .latency_p50_us = histogram_quantile(p->tally.latency, 0.5),
        .latency_p99_us = histogram_quantile(p->tally.latency, 0.99),
        .cost_usd = p->tally.cost_known && p->tally.attempts > 0 ? p->tally.cost_usd : -1,
        .endpoint = arena_array(&s->arena_of_ticks, p->lane_count, sizeof(struct progress_endpoint)),
        .endpoint_count = p->lane_count,
    };
    memcpy(r->endpoint, p->tally.endpoint, p->lane_count * sizeof(*r->endpoint));
    (void)pthread_mutex_unlock(&p->tally.lock);
    for (size_t i = 0; i < p->lane_count; i++) {
        r->endpoint[i].in_flight = atomic_load(&p->lane[i].in_flight);
        r->endpoint[i].stopped = atomic_load(&p->lane[i].stopped);
        for (int k = TRIAL_PENDING + 1; k < TRIAL_STATUS_COUNT; k++)
            r->done += r->endpoint[i].by_status[k];
    }
}

/* Shows what gathered, and keeps it for the store. */
static void pass_notices(struct session *s, struct notice **kept)
{
    struct tally *tally = &s->p.tally;
    (void)pthread_mutex_lock(&tally->lock);
    struct notice *n = tally->first_notice;
    tally->first_notice = tally->last_notice = NULL;
    (void)pthread_mutex_unlock(&tally->lock);
    while (n) {
        struct notice *next = n->next;
        if (s->options->notice)
            s->options->notice(n->level, n->kind, n->message, s->options->context);
        n->next = *kept;
        *kept = n;
        n = next;
    }
}

static void raise_stop(struct pipeline *p, enum stop_level level)
{
    if (atomic_load(&p->stop) >= (int)level)
        return;
    atomic_store(&p->stop, (int)level);
    pipeline_wake(p);
}

/* More failures than the whole run may have: the rest cannot make it good. */
static void watch_errors(struct session *s, const struct progress *now)
{
    struct pipeline *p = &s->p;
    int64_t failed = 0;
    for (size_t i = 0; i < now->endpoint_count; i++)
        failed += now->endpoint[i].by_status[TRIAL_FAILED];
    if (s->over_budget_of_errors || failed <= 10 || (double)failed <= p->max_error_rate * (double)p->planned)
        return;
    s->over_budget_of_errors = true;
    pipeline_notice(p, LOG_WARN, "errors", "%lld of %lld trials failed, more than errors.max_rate %.3g allows: stopping", (long long)failed,
                    (long long)p->planned, p->max_error_rate);
    raise_stop(p, STOP_DRAIN);
}

static void watch(struct session *s, struct notice **kept)
{
    struct pipeline *p = &s->p;
    for (;;) {
        uint64_t seen = gate_seen(&p->done);
        struct progress now;
        arena_reset(&s->arena_of_ticks);
        snapshot(s, &now);
        pass_notices(s, kept);
        if (s->options->progress)
            s->options->progress(&now, s->options->context);
        watch_errors(s, &now);
        if (s->options->stop) {
            s->asked = s->options->stop(s->options->context);
            raise_stop(p, s->asked);
        }
        if (pipeline_idle(p))
            return;
        gate_wait(&p->done, seen, TICK_US);
    }
}

static enum err write_notices(struct session *s, struct notice *kept, struct error *e)
{
    enum err rc = OK;
    while (kept) {
        struct notice *next = kept->next;
        if (rc == OK)
            rc = store_event(s->p.store, s->p.run_id, clock_wall_us(s->p.clock), kept->level == LOG_WARN ? "warn" : "info", kept->kind,
                             kept->message, NULL, e);
        free(kept);
        kept = next;
    }
    return rc;
}

static void explain(struct session *s, struct run_result *r)
{
    struct pipeline *p = &s->p;
    const char *stopped = NULL, *name = "";
    for (size_t i = 0; i < p->lane_count; i++) {
        if (!stopped && atomic_load(&p->lane[i].stopped)) {
            stopped = atomic_load(&p->lane[i].stopped);
            name = p->lane[i].row.name;
        }
    }
    if (atomic_load(&p->failed))
        (void)snprintf(r->why, sizeof(r->why), "%.500s", p->failure.msg);
    else if (s->asked != STOP_NO && r->pending > 0)
        (void)snprintf(r->why, sizeof(r->why), "interrupted: %lld trials are pending", (long long)r->pending);
    else if (stopped)
        (void)snprintf(r->why, sizeof(r->why), "endpoint '%.100s' stopped (%s): %lld trials are pending, %lld failed", name, stopped,
                       (long long)r->pending, (long long)r->failed);
    else if (r->status != RUN_COMPLETE && r->failed == 0)
        (void)snprintf(r->why, sizeof(r->why), "nothing was evaluated: every trial was skipped");
    else if (r->status != RUN_COMPLETE)
        (void)snprintf(r->why, sizeof(r->why), "%lld of %lld trials failed (%.1f %%, limit %.1f %%)%s%s", (long long)r->failed,
                       (long long)p->planned, 100.0 * (double)r->failed / (double)p->planned, 100.0 * p->max_error_rate,
                       p->tally.first_failure[0] ? "; the first: " : "", p->tally.first_failure);
}

/* Nothing was evaluated, and it was the endpoints' doing. */
static bool never_reached(const struct session *s, int64_t evaluated)
{
    bool stopped = false;
    for (size_t i = 0; i < s->p.lane_count; i++) {
        const char *reason = atomic_load(&s->p.lane[i].stopped);
        stopped = stopped || (reason && strcmp(reason, "budget") != 0 && strcmp(reason, "credits") != 0);
    }
    return stopped && evaluated == 0;
}

static enum err close_books(struct session *s, struct notice *kept, struct run_result *r, struct error *e)
{
    struct pipeline *p = &s->p;
    struct status_counts counts;
    enum err rc = store_status_counts(p->store, p->run_id, 0, &counts, e);
    if (rc != OK) {
        (void)write_notices(s, kept, NULL);
        return rc;
    }
    r->pending = counts.by_status[TRIAL_PENDING];
    r->failed = counts.by_status[TRIAL_FAILED];
    int64_t evaluated = counts.by_status[TRIAL_ANSWERED] + counts.by_status[TRIAL_BLOCKED];
    bool too_many_errors = (double)r->failed > p->max_error_rate * (double)counts.planned;
    r->status = atomic_load(&p->failed)                               ? RUN_ERROR
                : r->pending > 0 && s->asked != STOP_NO               ? RUN_CANCELLED
                : r->pending > 0 || too_many_errors || evaluated == 0 ? RUN_INCOMPLETE
                                                                      : RUN_COMPLETE;
    r->unreachable = never_reached(s, evaluated);
    explain(s, r);

    struct run_identity identity = { .sample_set_sha256 = "" };
    rc = store_begin(p->store, e);
    if (rc == OK)
        rc = write_notices(s, kept, e);
    else
        (void)write_notices(s, kept, NULL);
    if (rc == OK)
        rc = identity_compute(p->store, &s->run, &s->recipe, &identity, e);
    if (rc == OK)
        rc = store_run_finish(p->store, p->run_id, r->status, clock_wall_us(p->clock),
                              identity.sample_set_sha256[0] ? identity.sample_set_sha256 : NULL,
                              identity.comparability_key[0] ? identity.comparability_key : NULL, e);
    if (rc == OK)
        rc = store_commit(p->store, e);
    if (rc != OK)
        store_rollback(p->store);
    return rc;
}

enum err engine_run(struct store *store, const char *run_id, const struct run_options *options, struct run_result *ret_result,
                    struct error *e)
{
    struct session *s = xcalloc(1, sizeof(*s));
    s->options = options;
    s->start_us = clock_mono_us(options->clock);
    struct notice *kept = NULL;
    struct run_result r = { 0 };

    enum err rc = set_up(s, store, run_id, e);
    if (rc == OK) {
        start_threads(s);
        watch(s, &kept);
        join_threads(s);
        pass_notices(s, &kept);
        rc = close_books(s, kept, &r, e);
        if (rc != OK && atomic_load(&s->p.failed)) { /* the store was lost before: that is the story to tell */
            r.status = RUN_ERROR;
            (void)snprintf(r.why, sizeof(r.why), "%.500s", s->p.failure.msg);
            rc = OK;
        }
        if (rc == OK)
            *ret_result = r;
    }
    tear_down(s);
    arena_release(&s->arena_of_ticks);
    free(s);
    return rc;
}
