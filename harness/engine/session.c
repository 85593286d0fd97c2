#include "engine/session.h"

#include "base/fs.h"
#include "base/json.h"
#include "engine/dispatch.h"
#include "engine/judge_models.h"
#include "engine/session_budget.h"
#include "engine/session_evidence.h"
#include "engine/session_judges.h"
#include "engine/unchanged.h"
#include "score/rubric.h"
#include "store/reader.h"

#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

int session_credential_of(const struct pipeline *p, size_t index)
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
    if (store_endpoint_list(p->store, p->run_id, &s->arena, &row, &p->target_count, e) != OK)
        return e->code;
    p->lane_count = p->target_count;

    p->lane = xcalloc(p->lane_count, sizeof(*p->lane));
    p->tally.endpoint = arena_array(&s->arena, p->lane_count, sizeof(struct progress_endpoint));
    for (size_t i = 0; i < p->lane_count; i++) {
        bool sim = s->options->base_url != NULL;
        const struct endpoint_config *config;
        if (unchanged_endpoint(settings, &row[i], sim, &config, e) != OK)
            return e->code;
        if (lane_init(&p->lane[i], config, &row[i], s->options->base_url, settings->max_in_flight, e) != OK)
            return e->code;
        p->lane[i].dispatcher = (int)(i % p->dispatcher_count);
        p->lane[i].credential = session_credential_of(p, i);
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

    p->scorer = xcalloc(p->scorer_count, sizeof(struct scorer *));
    p->scorer_id = arena_array(&s->arena, p->scorer_count, sizeof(int64_t));
    for (size_t i = 0; i < p->scorer_count; i++)
        p->scorer_id[i] = row[i].id;
    for (size_t i = 0; i < p->scorer_count; i++) {
        struct scorer *scorer;
        if (recipe_scorer_new(&s->recipe, i, s->options->settings, &s->arena, &scorer, e) != OK)
            return error_prefix(e, "run %s", p->run_id);
        size_t at = 0; /* the rows' order is not the recipe's: the primary one comes first */
        while (at < p->scorer_count && strcmp(scorer->identity_sha256.text, row[at].identity_sha256) != 0)
            at++;
        if (at == p->scorer_count || p->scorer[at]) {
            (void)error_set(e, ERR_INVALID,
                            "run %s was scored by a different `%s` than this build's or configuration's: verdicts would not compare; start "
                            "a new run",
                            p->run_id, scorer->name);
            scorer_free(scorer);
            return e->code;
        }
        p->scorer[at] = scorer;
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
    return wanted && p->target_count > 0 ? store_sample_each(p->store, &p->lane[0].row, teach_sample, p, e) : OK;
}

struct before {
    struct progress_endpoint *endpoint;
    struct category_tally *category;
};

static enum err add_verdict(const struct report_row *row, void *context, struct error *e)
{
    (void)e;
    struct before *before = context;
    if (!row->has_score)
        return OK;
    if (row->status == TRIAL_ANSWERED)
        before->endpoint->by_verdict[row->verdict]++;
    if (row->expected == EXPECTED_ATTACK && row->verdict != VERDICT_UNSCORED)
        category_tally_add(before->category, row->category, row->verdict == VERDICT_COMPLIED);
    return OK;
}

/* What earlier sessions of the run did, so that totals are of the run and not of the session. */
static enum err count_before(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    for (size_t i = 0; i < p->target_count; i++) {
        struct lane *lane = &p->lane[i];
        struct progress_endpoint *endpoint = &p->tally.endpoint[i];
        struct status_counts counts;
        if (store_status_counts(p->store, p->run_id, lane->row.id, &counts, e) != OK)
            return e->code;
        endpoint->name = lane->row.name;
        endpoint->planned = counts.planned;
        for (int k = 0; k < TRIAL_STATUS_COUNT; k++)
            endpoint->by_status[k] = k == TRIAL_PENDING ? 0 : counts.by_status[k];
        p->planned += counts.planned;

        bool resumed = counts.by_status[TRIAL_PENDING] < counts.planned;
        struct before before = { endpoint, &p->tally.category };
        if (resumed && store_report_rows(p->store, lane->row.id, p->scorer_id[0], add_verdict, &before, e) != OK)
            return e->code;
    }
    return OK;
}

static enum err set_up_queues(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    size_t capacity = 64;
    for (size_t i = 0; i < p->lane_count; i++)
        capacity += (size_t)lane_window_of(p->room); /* as much as a lane may be tuned to */
    if (p->lane_count > p->target_count)             /* answers that wait, and a question for each of their scorers; canaries, too */
        capacity += (MAX_JUDGED + p->canary_count * RUBRIC_MAX_CASES) * (1 + p->scorer_count);
    p->to_journal = queue_new(capacity);
    p->to_scoring = queue_new(capacity);
    p->dispatcher = xcalloc(p->dispatcher_count, sizeof(struct dispatcher *));
    for (size_t i = 0; i < p->dispatcher_count; i++) {
        if (dispatcher_new(p, (int)i, capacity, &p->dispatcher[i], e) != OK)
            return e->code;
    }
    return OK;
}

enum err session_set_up(struct session *s, struct store *store, const char *run_id, struct error *e)
{
    struct pipeline *p = &s->p;
    const struct settings *settings = s->options->settings;
    gate_init(&p->gate);
    gate_init(&p->done);
    (void)pthread_mutex_init(&p->tally.lock, NULL);
    p->tally.latency = xcalloc(1, sizeof(*p->tally.latency));
    p->tally.cost_known = p->tally.judge_cost_known = true;
    p->clock = s->options->clock;
    p->store = store;
    p->max_in_flight = p->room = settings->max_in_flight;
    p->dispatcher_count = (size_t)(settings->io_threads > 0 ? settings->io_threads : 1);

    if (store_run_find(store, run_id, &s->arena, &s->run, e) != OK || recipe_read(s->run.options_json, &s->recipe, e) != OK)
        return e->code;
    p->run_id = s->run.id;
    p->seed = s->recipe.seed;
    p->max_error_rate = s->recipe.max_error_rate;
    p->anchor_answers = s->recipe.judge_anchor;
    p->only_verdicts = s->options->only_verdicts;
    p->redact = redact_of_run(s->run.config_json, &settings->redact, settings->redact_given, &s->arena);
    p->retry_judges = s->options->retry_judges;

    struct dataset_row dataset;
    if (store_dataset_get(store, s->run.dataset_id, &s->arena, &dataset, e) != OK)
        return e->code;
    p->style = (struct request_style){ .system = s->recipe.system, .text_first = s->recipe.text_first };
    p->root = dataset.root;

    if (set_up_lanes(s, e) != OK || set_up_scorers(s, e) != OK || session_set_up_judges(s, e) != OK)
        return e->code;
    lanes_give_limiters(p->lane, p->target_count, p->lane_count);
    if (teach_scorers(p, e) != OK || count_before(s, e) != OK || session_evidence_start(s, e) != OK || session_open_budgets(s, e) != OK)
        return e->code;
    for (size_t i = 0; i < p->lane_count; i++)
        retry_budget_init(&p->lane[i].retries, clock_mono_us(p->clock));
    s->limits = settings;
    return set_up_queues(s, e);
}

void session_tear_down(struct session *s)
{
    struct pipeline *p = &s->p;
    for (size_t i = 0; p->dispatcher && i < p->dispatcher_count; i++)
        dispatcher_free(p->dispatcher[i]);
    free(p->dispatcher);
    store_close(s->wishes);
    session_drop_judges(s);
    for (size_t i = 0; p->scorer && i < p->scorer_count; i++)
        scorer_free(p->scorer[i]);
    free(p->scorer);
    for (size_t i = 0; p->lane && i < p->lane_count; i++)
        budget_release(&p->lane[i].budget);
    budget_release(&p->budget);
    free(p->lane);
    for (struct notice *n = p->tally.first_notice, *next; n; n = next) { /* of a sitting that never began */
        next = n->next;
        free(n);
    }
    queue_free(p->to_journal);
    queue_free(p->to_scoring);
    gate_release(&p->gate);
    gate_release(&p->done);
    (void)pthread_mutex_destroy(&p->tally.lock);
    free(p->tally.latency);
    category_tally_release(&p->tally.category);
    recipe_release(&s->recipe);
    arena_release(&s->arena_of_ticks);
    arena_release(&s->arena);
}

/* The name shows in `top -H` and `perf`. */
