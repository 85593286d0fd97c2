#include "engine/check.h"

#include "base/fs.h"
#include "base/text_safe.h"
#include "dataset/image_scan.h"
#include "engine/judge_models.h"
#include "engine/lane.h"
#include "engine/scratch_store.h"
#include "engine/selection.h"
#include "engine/spending.h"
#include "engine/suite_scorers.h"
#include "engine/suite_source.h"
#include "provider/provider.h"
#include "score/scorer.h"
#include "store/reader.h"
#include "store/writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char run_id[] = "check";

enum { NEAR_PERCENT = 80 };

struct check {
    const struct suite *suite;
    const struct check_options *options;
    struct arena *a;
    struct check_result *result;
    struct scorer **scorer; /* NULL where it could not be made */
    struct provider_target *target;
    struct store *store;
    struct arena scratch; /* of one sample */
    enum err err;         /* of the store, from inside a callback */
    struct error *e;
};

/* ---- Telling ---- */

static void tell(const struct check *c, const char *code, enum finding_outcome outcome, const struct sample *sample, const char *subject,
                 const char *format, ...) PRINTF_LIKE(6, 7);

static void tell(const struct check *c, const char *code, enum finding_outcome outcome, const struct sample *sample, const char *subject,
                 const char *format, ...)
{
    char text[900];
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    text_safe_terminal(text, strlen(text), 0, true, &safe);
    c->options->report(&(struct check_finding){ .code = code,
                                                .outcome = outcome,
                                                .file = sample ? sample->file : "",
                                                .line = sample ? sample->row : 0,
                                                .sample = sample ? sample->id : "",
                                                .subject = subject,
                                                .message = safe.buf },
                       c->options->context);
}

/* A preflight_report. What ends the check comes back as an error; its code is kept. */
static void pass_on(void *context, const struct finding *f)
{
    const struct check *c = context;
    if (f->outcome == FINDING_FATAL && !f->file[0]) {
        c->result->fatal_code = arena_strdup(c->a, f->code);
        return;
    }
    c->options->report(&(struct check_finding){ .code = f->code,
                                                .outcome = f->outcome,
                                                .file = f->file,
                                                .line = f->line,
                                                .sample = f->sample_id,
                                                .subject = "",
                                                .message = f->message },
                       c->options->context);
}

/* ---- Scorers ---- */

static void make_scorers(struct check *c)
{
    const struct suite *suite = c->suite;
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    fs_dirname(suite->path, &folder);
    c->scorer = arena_array(c->a, suite->scorer_count, sizeof(struct scorer *));
    struct scorer_setting setting = judge_models(c->options->settings, folder.buf, c->a);
    for (size_t i = 0; i < suite->scorer_count; i++) {
        struct error e;
        const struct suite_scorer *spec = &suite->scorer[i];
        if (suite_scorer_make(suite, i, &setting, c->scorer, &e) != OK)
            tell(c, "S0", FINDING_FATAL, NULL, spec->kind, "%s", e.msg);
    }
}

/* A sample that a scorer cannot score (no codeword, no answers) would be paid for in vain. */
static bool is_scorable(struct check *c, const struct sample *s)
{
    struct error e;
    for (size_t i = 0; i < c->suite->scorer_count; i++) {
        if (!c->scorer[i] || scorer_know(c->scorer[i], s, NULL, &e) == OK)
            continue;
        tell(c, "S1", FINDING_REJECT, s, c->scorer[i]->name, "%s: %s", c->scorer[i]->name, e.msg);
        c->result->unscorable++;
        return false;
    }
    return true;
}

/* ---- Endpoints ---- */

static bool takes_images(const struct check *c, const struct endpoint_config *endpoint, const struct preflight_seen *seen)
{
    const struct endpoint_limits *limits = &endpoint->limits;
    if (limits->max_images > 0 && seen->sample->image_count > (size_t)limits->max_images) {
        tell(c, "S9", FINDING_REJECT, seen->sample, endpoint->name, "%zu images, and endpoint '%s' takes %d: it would be skipped there",
             seen->sample->image_count, endpoint->name, limits->max_images);
        return false;
    }
    for (size_t i = 0; i < seen->sample->image_count; i++) {
        const struct image_fact *fact = seen->fact[i];
        if (endpoint_takes_image(limits, fact->info.mime))
            continue;
        tell(c, "S9", FINDING_REJECT, seen->sample, endpoint->name,
             "image '%s' is %s, which endpoint '%s' does not take: it would be skipped there", fact->name, fact->info.mime, endpoint->name);
        return false;
    }
    return true;
}

static bool takes_body(const struct check *c, const struct endpoint_config *endpoint, const struct sample *s, int64_t bytes)
{
    uint64_t limit = endpoint->limits.max_request_bytes;
    if (limit == 0 || (uint64_t)bytes <= limit / 100 * NEAR_PERCENT)
        return true;
    if ((uint64_t)bytes <= limit) {
        tell(c, "S9", FINDING_WARN, s, endpoint->name, "a request of %lld bytes is close to the %llu that endpoint '%s' takes",
             (long long)bytes, (unsigned long long)limit, endpoint->name);
        return true;
    }
    tell(c, "S9", FINDING_REJECT, s, endpoint->name, "a request of %lld bytes, and endpoint '%s' takes %llu: it would be skipped there",
         (long long)bytes, endpoint->name, (unsigned long long)limit);
    return false;
}

static struct token_range prompt_tokens(const struct check *c, const struct endpoint_config *endpoint, const struct preflight_seen *seen)
{
    struct token_range tokens = spending_texts(c->suite->prompt_system, seen->sample->prompt);
    for (size_t i = 0; i < seen->sample->image_count; i++)
        tokens = token_range_sum(tokens, tokens_of_image(endpoint->model, seen->fact[i]->info.width, seen->fact[i]->info.height));
    return tokens;
}

/* TGI writes images into the prompt as markdown, so it may take a text for one. */
static void note_markdown(const struct check *c, const struct endpoint_config *endpoint, const struct sample *s)
{
    const char *open = strcmp(endpoint->model, "tgi") == 0 ? strstr(s->prompt, "![") : NULL;
    if (open && strstr(open, "]("))
        tell(c, "S9", FINDING_WARN, s, endpoint->name, "the text holds `![…](…)`, which endpoint '%s' may read as an image",
             endpoint->name);
}

/* The request is built as it would be sent, with the images' lengths in place of their bytes. */
static bool fits(struct check *c, size_t index, const struct preflight_seen *seen)
{
    struct check_endpoint *endpoint = &c->result->endpoint[index];
    const struct provider_ops *provider = provider_find(endpoint->config->protocol);
    const struct sample *s = seen->sample;
    if (!takes_images(c, endpoint->config, seen))
        return false;
    note_markdown(c, endpoint->config, s);
    if (!provider)
        return true;

    struct chat_image *image = arena_array(&c->scratch, s->image_count, sizeof(*image));
    for (size_t i = 0; i < s->image_count; i++)
        image[i] = (struct chat_image){ .mime = seen->fact[i]->info.mime, .len = (size_t)seen->fact[i]->bytes, .label = "" };
    struct chat_request chat = { .system = c->suite->prompt_system,
                                 .prompt = s->prompt,
                                 .image = image,
                                 .image_count = s->image_count,
                                 .text_first = c->suite->text_first };
    struct http_request request;
    struct error e;
    if (provider->build(&c->target[index], &chat, &c->scratch, &request, &e) != OK) {
        tell(c, "S9", FINDING_REJECT, s, endpoint->config->name, "no request for endpoint '%s' can be made of it: %s",
             endpoint->config->name, e.msg);
        return false;
    }
    int64_t bytes = (int64_t)http_request_body_len(&request);
    if (bytes > endpoint->largest_bytes) {
        endpoint->largest_bytes = bytes;
        (void)snprintf(endpoint->largest_id, sizeof(endpoint->largest_id), "%s", s->id);
    }
    if (!takes_body(c, endpoint->config, s, bytes))
        return false;
    endpoint->prompt = token_range_sum(endpoint->prompt, prompt_tokens(c, endpoint->config, seen));
    endpoint->fitting++;
    return true;
}

static void note_unlimited(const struct check *c)
{
    for (size_t i = 0; i < c->options->endpoint_count; i++) {
        const struct check_endpoint *x = &c->result->endpoint[i];
        if (x->config->limits.max_request_bytes == 0 && x->largest_bytes > 0)
            tell(c, "S9", FINDING_NOTE, NULL, x->config->name,
                 "endpoint '%s' states no max_request_bytes; the largest request has %lld bytes (sample %s)", x->config->name,
                 (long long)x->largest_bytes, x->largest_id);
    }
}

static void keep_judge(const struct estimate *estimate, void *result)
{
    struct check_result *r = result;
    r->judge[r->judge_count++] = *estimate;
}

/* The samples that were looked at stand for those that the selection's limit leaves. */
static enum err estimate_endpoints(struct check *c, struct error *e)
{
    struct estimate targets = { 0 };
    int64_t planned = c->result->selection.samples * (c->suite->epochs > 0 ? c->suite->epochs : 1);
    for (size_t i = 0; i < c->options->endpoint_count; i++) {
        struct check_endpoint *x = &c->result->endpoint[i];
        int64_t seen = x->fitting + x->skipped;
        struct estimate_basis basis = { .config = x->config,
                                        .price = lane_config_price(x->config),
                                        .prompt = x->prompt,
                                        .looked_at = x->fitting,
                                        .trials = seen > 0 ? planned * x->fitting / seen : 0,
                                        .max_in_flight = c->options->settings ? c->options->settings->max_in_flight : 0 };
        if (c->options->history &&
            store_endpoint_history(c->options->history, x->config->base_url, x->config->model, &basis.history, e) != OK)
            return e->code;
        x->estimate = estimate_make(&basis);
        targets.trials += x->estimate.trials;
        targets.prompt = token_range_sum(targets.prompt, x->estimate.prompt);
        targets.output = token_range_sum(targets.output, x->estimate.output);
    }
    size_t most = c->options->settings ? c->options->settings->endpoint_count : 0;
    c->result->judge = arena_array(c->a, most + 1, sizeof(*c->result->judge));
    estimate_judges(c->scorer, c->suite->scorer_count, c->options->settings, &targets, keep_judge, c->result);
    return OK;
}

/* ---- The selection ---- */

/* The sample with what is known of its images by now. */
static enum err take_in(struct check *c, const struct preflight_seen *seen)
{
    struct sample s = *seen->sample;
    struct sample_image *image = arena_array(&c->scratch, s.image_count, sizeof(*image));
    for (size_t i = 0; i < s.image_count; i++) {
        image[i] = s.image[i];
        image[i].sha256 = seen->fact[i]->sha256.text;
    }
    s.image = image;
    return intake_add(c->store, &s, c->e);
}

static void look_at(void *context, const struct preflight_seen *seen)
{
    struct check *c = context;
    if (seen->rejected || c->err != OK || !selection_accepts(&c->suite->select, seen->sample) || !is_scorable(c, seen->sample))
        return;
    for (size_t i = 0; i < c->options->endpoint_count; i++)
        c->result->endpoint[i].skipped += !fits(c, i, seen);
    c->err = take_in(c, seen);
    arena_reset(&c->scratch);
}

static void keep_facts(void *context, const struct dataset_facts *facts)
{
    struct check *c = context;
    struct check_result *r = c->result;
    r->opened = true;
    r->name = arena_strdup(c->a, facts->name);
    r->version = arena_strdup(c->a, facts->version);
    r->declared_hash = arena_strdup(c->a, facts->content_hash);
    r->license = arena_strdup(c->a, facts->license_id);
    r->citation = arena_strdup(c->a, facts->citation);
    r->source = arena_strdup(c->a, facts->source_id);
}

/* A run with one endpoint, so that the selection can be asked about like that of any run. */
static enum err begin_plan(struct store *store, struct error *e)
{
    struct run_row run = { .id = run_id, .status = RUN_STARTED };
    struct endpoint_row endpoint = { .run_id = run_id, .name = run_id, .protocol = "", .base_url = "", .model = "", .params_json = "{}" };
    enum err err = intake_begin(store, e);
    if (err == OK)
        err = store_run_insert(store, &run, e);
    return err == OK ? store_endpoint_insert(store, &endpoint, e) : err;
}

static enum err end_plan(struct check *c, struct error *e)
{
    struct check_result *r = c->result;
    struct intake_dataset dataset = { .name = r->name, .version = r->version, .recipe_sha256 = "", .files_sha256 = "" };
    struct intake_options intake = selection_intake(c->suite);
    bool whole;
    intake.epochs = 1;
    enum err err = intake_finish(c->store, run_id, &dataset, &intake, &r->selection, e);
    if (err == OK && r->set.rejected + r->unscorable == 0)
        err = store_sample_set_sha256(c->store, run_id, r->sample_set_sha256, &whole, e);
    return err;
}

/* ---- The whole ---- */

static enum err check_set(struct check *c, struct error *e)
{
    struct dataset_source source = suite_source(c->suite, c->options->map, c->options->map_count);
    struct preflight_options options = {
        .accept_changed = c->options->accept_changed, .strict_taxonomy = c->options->strict_taxonomy, .opened = keep_facts, .each = look_at
    };
    enum err err = dataset_preflight(&source, &options, pass_on, c, &c->result->set, e);
    if (err == OK)
        err = c->err;
    if (err == OK)
        err = end_plan(c, e);
    if (err == OK)
        err = estimate_endpoints(c, e);
    c->result->complete = err == OK;
    if (err == OK)
        note_unlimited(c);
    return err;
}

static void prepare_endpoints(struct check *c)
{
    const struct check_options *o = c->options;
    c->result->endpoint = arena_array(c->a, o->endpoint_count, sizeof(*c->result->endpoint));
    c->target = arena_array(c->a, o->endpoint_count, sizeof(*c->target));
    for (size_t i = 0; i < o->endpoint_count; i++) {
        c->result->endpoint[i].config = o->endpoint[i];
        c->target[i] = lane_target(o->endpoint[i], NULL);
    }
}

enum err engine_check(const struct suite *suite, const struct check_options *options, struct arena *a, struct check_result *ret,
                      struct error *e)
{
    struct scratch_store scratch;
    struct error store_error = { 0 };
    *ret = (struct check_result){ 0 };
    struct check c = { .suite = suite, .options = options, .a = a, .result = ret, .scratch = ARENA_INIT, .e = &store_error };
    prepare_endpoints(&c);
    make_scorers(&c);
    enum err err = scratch_store_open(&scratch, e);
    c.store = scratch.store;
    if (err == OK)
        err = begin_plan(c.store, e);
    if (err == OK)
        err = check_set(&c, e);
    if (err != OK && c.err != OK)
        *e = store_error;
    scratch_store_close(&scratch);
    for (size_t i = 0; i < suite->scorer_count; i++)
        scorer_free(c.scorer[i]);
    arena_release(&c.scratch);
    return err;
}
