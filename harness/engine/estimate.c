#include "engine/estimate.h"

#include "engine/lane.h"
#include "engine/recipe.h"
#include "engine/request.h"
#include "engine/trial.h"

#include <math.h>
#include <stdlib.h>

enum { MIN_OUTPUT = 16, MAX_LOOKED_AT = 64, MIN_HISTORY = 20, AUTO_IN_FLIGHT = 64 /* a guess: `auto` finds out while it runs */ };

static int64_t scaled(int64_t part, int64_t looked_at, int64_t trials)
{
    return looked_at > 0 ? (int64_t)llround((double)part / (double)looked_at * (double)trials) : 0;
}

static struct token_range output_of(const struct estimate_basis *b)
{
    double most = (double)b->config->params.max_tokens, low = fmin(MIN_OUTPUT, most), high = most;
    double seen = b->history.completion_tokens;
    if (b->history.answers >= MIN_HISTORY && seen > 0) {
        low = fmin(seen / 2, most);
        high = fmin(seen * 2, most);
    }
    double trials = (double)b->trials;
    return (struct token_range){ (int64_t)(low * trials), (int64_t)ceil(high * trials), (int64_t)(most * trials) };
}

/* Seconds that the endpoint's own limits take; 0 = it has none. */
static double limited(const struct estimate_basis *b, int64_t tokens)
{
    const struct endpoint_limits *l = &b->config->limits;
    double requests = l->requests_per_minute > 0 ? 60 * (double)b->trials / l->requests_per_minute : 0;
    return fmax(requests, l->tokens_per_minute > 0 ? 60 * (double)tokens / l->tokens_per_minute : 0);
}

static void add_time(const struct estimate_basis *b, struct estimate *r)
{
    int window = b->config->limits.max_in_flight > 0 ? b->config->limits.max_in_flight : AUTO_IN_FLIGHT;
    if (b->max_in_flight > 0 && window > b->max_in_flight)
        window = b->max_in_flight;
    double low = limited(b, r->prompt.low + r->output.low), high = limited(b, r->prompt.high + r->output.high);
    r->seconds_low = low > 0 ? low : -1;
    r->seconds_high = -1;
    if (b->history.answers < MIN_HISTORY)
        return;
    double latency = b->history.latency_us / 1e6, waves = ceil((double)b->trials / window);
    r->seconds_low = fmax(low, latency * (double)b->trials / window);
    r->seconds_high = fmax(high, 2 * latency * waves);
}

struct estimate estimate_make(const struct estimate_basis *b)
{
    struct estimate r = { .endpoint = b->config->name, .trials = b->trials, .output = output_of(b) };
    r.prompt.low = scaled(b->prompt.low, b->looked_at, b->trials);
    r.prompt.high = scaled(b->prompt.high, b->looked_at, b->trials);
    r.prompt.most = scaled(b->prompt.most, b->looked_at, b->trials);
    estimate_price(b, &r);
    if (b->looked_at == 0 && b->trials > 0)
        r.usd_low = r.usd_high = -1;
    return r;
}

void estimate_price(const struct estimate_basis *b, struct estimate *e)
{
    e->usd_low = b->price.known ? price_cost(&b->price, e->prompt.low, e->output.low) : -1;
    e->usd_high = b->price.known ? price_cost(&b->price, e->prompt.high, e->output.high) : -1;
    add_time(b, e);
}

/* ---- Of a planned run ---- */

struct survey {
    struct store *store;
    const struct settings *settings;
    struct request_style style;
    struct image_source *images;
};

static void look_at(struct trial *t, const struct survey *v, struct estimate_basis *b, int64_t *skipped)
{
    if (!request_prepare(t, &v->style, v->images)) {
        ++*skipped;
        return;
    }
    b->prompt = token_range_sum(b->prompt, t->prompt);
    b->looked_at++;
}

/* Trials of an endpoint have consecutive ids: one of every stride is looked at, whatever of them is pending there. */
static enum err look_at_trials(const struct survey *v, struct lane *lane, struct estimate_basis *b, int64_t *skipped, struct error *e)
{
    int64_t first = lane->row.first_trial, count = lane->row.last_trial - first + 1, after = first - 1;
    int64_t stride = count > MAX_LOOKED_AT ? count / MAX_LOOKED_AT : 1;
    for (int i = 0; i < MAX_LOOKED_AT; i++) {
        struct trial_page *page = xcalloc(1, sizeof(*page));
        atomic_store(&page->references, 1);
        enum err rc = store_pending_page(v->store, &lane->row, after, 1, &page->arena, &page->pending, &page->count, e);
        bool any = rc == OK && page->count > 0;
        if (any) {
            struct trial *t = trial_new(lane, page, &page->pending[0]);
            int64_t at = page->pending[0].trial_id, next = first + (i + 1) * stride - 1;
            look_at(t, v, b, skipped);
            after = next > at ? next : at;
            trial_free(t);
        }
        trial_page_release(page);
        if (rc != OK || !any)
            return rc;
    }
    return OK;
}

static enum err estimate_endpoint(const struct survey *v, const struct endpoint_row *row, struct estimate *ret, struct error *e)
{
    const struct endpoint_config *config = settings_endpoint(v->settings, row->name);
    struct status_counts counts;
    struct lane lane;
    int64_t skipped = 0;
    if (!config)
        return error_set(e, ERR_NOT_FOUND, "endpoint '%s' is not in the configuration", row->name);
    struct estimate_basis b = { .config = config, .max_in_flight = v->settings->max_in_flight };
    if (lane_init(&lane, config, row, NULL, 1, e) != OK || store_status_counts(v->store, row->run_id, row->id, &counts, e) != OK ||
        store_endpoint_history(v->store, row->base_url, row->model, &b.history, e) != OK || look_at_trials(v, &lane, &b, &skipped, e) != OK)
        return e->code;
    b.price = lane.price;
    int64_t looked = b.looked_at + skipped, pending = counts.by_status[TRIAL_PENDING];
    b.trials = looked > 0 ? scaled(b.looked_at, looked, pending) : pending;
    *ret = estimate_make(&b);
    return OK;
}

static enum err estimate_recipe_judges(const struct recipe *recipe, const struct settings *settings, const struct estimate *targets,
                                       struct arena *a, void (*each)(const struct estimate *estimate, void *context), void *context,
                                       struct error *e)
{
    size_t count = (size_t)cJSON_GetArraySize(recipe->scorer), made = 0;
    struct scorer **scorer = arena_array(a, count + 1, sizeof(struct scorer *));
    enum err rc = OK;
    for (; rc == OK && made < count; made += rc == OK)
        rc = recipe_scorer_new(recipe, made, settings, a, &scorer[made], e);
    if (rc == OK)
        estimate_judges(scorer, count, settings, targets, each, context);
    for (size_t i = 0; i < made; i++)
        scorer_free(scorer[i]);
    return rc;
}

enum err engine_estimate(struct store *s, const char *run_id, const struct settings *settings,
                         void (*each)(const struct estimate *estimate, void *context), void *context, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct run_row run;
    struct recipe recipe = { 0 };
    struct dataset_row dataset;
    struct endpoint_row *row = NULL;
    size_t count = 0;
    enum err rc = store_run_find(s, run_id, &a, &run, e);
    if (rc == OK)
        rc = recipe_read(run.options_json, &recipe, e);
    if (rc == OK)
        rc = store_dataset_get(s, run.dataset_id, &a, &dataset, e);
    if (rc == OK)
        rc = store_endpoint_list(s, run.id, &a, &row, &count, e);
    struct estimate targets = { 0 };
    struct survey v = { .store = s, .settings = settings, .style = { .system = recipe.system, .text_first = recipe.text_first } };
    v.images = rc == OK ? image_source_new(dataset.root) : NULL;
    for (size_t i = 0; rc == OK && i < count; i++) {
        struct estimate estimate;
        rc = estimate_endpoint(&v, &row[i], &estimate, e);
        if (rc == OK) {
            each(&estimate, context);
            targets.trials += estimate.trials;
            targets.prompt = token_range_sum(targets.prompt, estimate.prompt);
            targets.output = token_range_sum(targets.output, estimate.output);
        }
    }
    if (rc == OK)
        rc = estimate_recipe_judges(&recipe, settings, &targets, &a, each, context, e);
    image_source_free(v.images);
    recipe_release(&recipe);
    arena_release(&a);
    return rc;
}
