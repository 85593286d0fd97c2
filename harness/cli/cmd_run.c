/*
 * run: plan a suite against the configuration's endpoints, send it, score it, store it, show the table.
 */
#include "base/json_member.h"
#include "base/log.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/dataset_options.h"
#include "cli/estimate_view.h"
#include "cli/output.h"
#include "cli/run_session.h"
#include "cli/suite_file.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "engine/engine.h"
#include "engine/scratch_store.h"
#include "engine/suite_source.h"
#include "sim/profile.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --select KEY=VALUE, sorted into the lists of a suite_select. */
static enum err read_selection(const struct options *o, struct arena *a, struct suite_select *select, struct error *e)
{
    struct {
        const char *key;
        struct select_list *list;
        bool whole; /* a category's letter is enough; an attack, intent or sample must be named whole */
    } known[] = {
        { "category", &select->categories, false }, { "subcategory", &select->subcategories, false },
        { "attack", &select->attacks, true },       { "intent", &select->intents, true },
        { "sample", &select->samples, true },
    };
    const struct option_values *given = &o->option[OPT_SELECT];
    for (size_t i = 0; i < given->count; i++) {
        const char *equals = strchr(given->value[i], '=');
        size_t k = 0;
        while (equals && k < ARRAY_LEN(known) &&
               !(strlen(known[k].key) == (size_t)(equals - given->value[i]) &&
                 strncmp(known[k].key, given->value[i], strlen(known[k].key)) == 0))
            k++;
        if (!equals || k == ARRAY_LEN(known))
            return error_set(e, ERR_INVALID, "--select '%.80s': KEY=VALUE with a key of category, subcategory, attack, intent, sample",
                             given->value[i]);
        struct select_list *list = known[k].list;
        const char **value = arena_array(a, list->count + 1, sizeof(*value));
        for (size_t v = 0; v < list->count; v++)
            value[v] = list->value[v];
        value[list->count] = equals + 1;
        list->value = value;
        list->count++;
        list->whole = known[k].whole;
    }
    return option_int(o, OPT_LIMIT, 1, INT64_MAX, &select->limit, e);
}

static enum err read_shard(const struct options *o, struct plan_options *plan, struct error *e)
{
    const char *text = option_value(o, OPT_SHARD);
    plan->shard_count = 1;
    if (!text)
        return OK;
    char *end;
    long index = strtol(text, &end, 10);
    long count = *end == '/' ? strtol(end + 1, &end, 10) : 0;
    if (*end || count < 1 || count > MAX_SHARDS || index < 1 || index > count)
        return error_set(e, ERR_INVALID, "--shard '%.40s': I/N with 1 <= I <= N, as in --shard 2/4", text);
    plan->shard_index = (int)(index - 1);
    plan->shard_count = (int)count;
    return OK;
}

/* --name: text of one line by which the run can be found again. */
static enum err check_name(const char *name, struct error *e)
{
    if (!name)
        return OK;
    size_t len = strlen(name);
    if (len == 0 || len > MAX_RUN_NAME_BYTES || !utf8_valid(name, len, NULL))
        return error_set(e, ERR_INVALID, "--name: a name is text of 1 to %d bytes", MAX_RUN_NAME_BYTES);
    for (size_t i = 0; i < len; i++)
        if (iscntrl((unsigned char)name[i]))
            return error_set(e, ERR_INVALID, "--name: a name is one line without control characters");
    if (store_run_reserves(name))
        return error_set(e, ERR_INVALID,
                         "--name '%.80s': `last`, `last~N` and `baseline:NAME` mean a run already; no run could be found by it", name);
    return OK;
}

static enum err check_prices(const struct workspace *w, const struct plan_options *plan, struct error *e)
{
    if (plan->budget_usd < 0 || plan->sim_profile)
        return OK;
    for (size_t i = 0; i < w->settings.endpoint_count; i++) {
        const struct endpoint_config *c = &w->settings.endpoint[i];
        bool used = plan->endpoint_count == 0;
        for (size_t k = 0; k < plan->endpoint_count; k++)
            used = used || strcmp(plan->endpoint[k], c->name) == 0;
        if (used && run_session_check_price(c, e) != OK)
            return e->code;
    }
    return OK;
}

static enum err read_plan_options(const struct options *o, struct arena *a, struct suite_select *narrow, struct plan_options *plan,
                                  struct error *e)
{
    int64_t epochs = 0, seed = 0;
    *plan = (struct plan_options){
        .endpoint = o->option[OPT_ENDPOINT].value,
        .endpoint_count = o->option[OPT_ENDPOINT].count,
        .name = option_value(o, OPT_NAME),
        .narrow = narrow,
        .has_seed = option_given(o, OPT_SEED),
        .skip_invalid = option_given(o, OPT_SKIP_INVALID),
    };
    if (dataset_options_map(o, a, &plan->map, &plan->map_count, e) != OK)
        return e->code;
    const char *profile = option_value(o, OPT_SIM);
    if (profile)
        plan->sim_profile = profile[0] ? profile : "demo";
    if (check_name(plan->name, e) != OK || option_int(o, OPT_EPOCHS, 1, MAX_EPOCHS, &epochs, e) != OK ||
        option_int(o, OPT_SEED, 0, INT64_MAX, &seed, e) != OK || read_shard(o, plan, e) != OK ||
        run_session_budget(o, &plan->budget_usd, e) != OK || read_selection(o, a, narrow, e) != OK)
        return e->code;
    plan->epochs = (int)epochs;
    plan->seed = (uint64_t)seed;
    return OK;
}

/* Rejected rows are errors when they keep the run from starting, and warnings when they are left out on purpose. */
static void say_findings(const struct plan_result *r, bool left_out)
{
    int64_t total = r->warned + r->rejected;
    for (size_t i = 0; i < r->finding_count; i++) {
        const struct finding *f = &r->finding[i];
        enum log_level level = f->outcome == FINDING_REJECT && !left_out ? LOG_ERROR : LOG_WARN;
        if (f->line > 0)
            log_line(level, "%s:%lld: [%s] %s", f->file ? f->file : "", (long long)f->line, f->code, f->message);
        else
            log_line(level, "%s: [%s] %s", f->file ? f->file : "", f->code, f->message);
    }
    if (total > (int64_t)r->finding_count)
        log_line(LOG_WARN, "… and %lld more; `gauntlet check SUITE` lists them", (long long)(total - (int64_t)r->finding_count));
}

static void say_plan(const struct plan_result *r)
{
    const struct intake_counts *c = &r->counts;
    log_line(LOG_INFO, "planned %lld trials: %lld samples, %lld intents, %lld categories, %lld subcategories", (long long)c->trials,
             (long long)c->samples, (long long)c->intents, (long long)c->categories, (long long)c->subcategories);
    if (r->rejected)
        log_line(LOG_WARN, "%lld samples are excluded (--skip-invalid)", (long long)r->rejected);
}

static void print_preview(const struct preview *p, void *context)
{
    (void)context;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    if (p->problem)
        (void)strbuf_addf(&out, "# %s, sample %s: would be skipped: %s\n", p->endpoint, p->sample, p->problem);
    else
        (void)strbuf_addf(&out, "# %s, sample %s\nPOST %s\n%s\n", p->endpoint, p->sample, p->url,
                          p->withheld ? "(its category is withheld: redact_categories)" : p->body);
    terminal_write(out.buf, out.len);
}

static void collect_preview(const struct preview *p, void *requests)
{
    cJSON *request = cJSON_CreateObject();
    json_member_text(request, "endpoint", p->endpoint);
    json_member_text(request, "sample", p->sample);
    json_member_text(request, "url", p->url);
    cJSON *body = p->body ? cJSON_Parse(p->body) : NULL;
    cJSON_AddItemToObject(request, "body", body ? body : cJSON_CreateNull());
    json_member_text(request, "problem", p->problem);
    (void)cJSON_AddBoolToObject(request, "withheld", p->withheld);
    cJSON_AddItemToArray(requests, request);
}

static void collect_estimate(const struct estimate *estimate, void *estimates)
{
    cJSON *json = estimate_view_json(estimate);
    json_member_text(json, "endpoint", estimate->endpoint);
    cJSON_AddItemToArray(estimates, json);
}

static cJSON *plan_json(const struct plan_result *r)
{
    cJSON *document = output_document();
    cJSON *plan = cJSON_AddObjectToObject(document, "plan");
    (void)cJSON_AddNumberToObject(plan, "trials", (double)r->counts.trials);
    (void)cJSON_AddNumberToObject(plan, "samples", (double)r->counts.samples);
    (void)cJSON_AddNumberToObject(plan, "intents", (double)r->counts.intents);
    (void)cJSON_AddNumberToObject(plan, "categories", (double)r->counts.categories);
    (void)cJSON_AddNumberToObject(plan, "subcategories", (double)r->counts.subcategories);
    (void)cJSON_AddNumberToObject(plan, "excluded", (double)r->rejected);
    return document;
}

/* The plan and the first requests, for people or as one document. */
static enum err show_plan(struct workspace *w, const struct options *o, struct store *store, const struct plan_result *r, size_t bodies,
                          struct error *e)
{
    say_plan(r);
    run_session_say_estimate(store, r->run_id, &w->settings);
    if (!option_given(o, OPT_JSON))
        return engine_preview(store, r->run_id, &w->settings, bodies, print_preview, NULL, e);
    cJSON *document = plan_json(r);
    enum err rc = engine_estimate(store, r->run_id, &w->settings, collect_estimate, cJSON_AddArrayToObject(document, "estimates"), e);
    if (rc == OK)
        rc = engine_preview(store, r->run_id, &w->settings, bodies, collect_preview, cJSON_AddArrayToObject(document, "requests"), e);
    if (rc == OK)
        output_json(document);
    else
        cJSON_Delete(document);
    return rc;
}

/* --dry-run: plans into a store of its own that is gone afterwards. */
static enum err dry_run(struct workspace *w, const struct options *o, const struct suite *suite, const struct plan_options *plan,
                        struct plan_result *r, struct error *e)
{
    int64_t bodies = 1;
    const char *text = option_value(o, OPT_DRY_RUN);
    if (text[0] && option_int(o, OPT_DRY_RUN, 0, 100000, &bodies, e) != OK)
        return e->code;

    struct scratch_store scratch;
    enum err rc = scratch_store_open(&scratch, e);
    if (rc == OK)
        rc = engine_plan(scratch.store, &w->settings, suite, plan, &clock_real, &w->arena, r, e);
    say_findings(r, plan->skip_invalid);
    if (rc == OK)
        rc = show_plan(w, o, scratch.store, r, (size_t)bodies, e);
    scratch_store_close(&scratch);
    return rc;
}

/* A profile that cannot be read is found before anything is planned. */
static enum err check_profile(struct workspace *w, const struct plan_options *plan, struct error *e)
{
    struct profile profile;
    return plan->sim_profile ? profile_load(plan->sim_profile, &w->arena, &profile, e) : OK;
}

static enum err load(struct workspace *w, const struct options *o, const struct plan_options *plan, struct suite *suite, struct error *e)
{
    const char *path;
    bool sim = plan->sim_profile != NULL;
    if (suite_file_find(o->argument[0], &w->arena, &path, e) != OK || common_load_settings(w, o, sim, e) != OK)
        return e->code;
    if (sim && w->settings.endpoint_count == 0)
        run_session_sim_endpoint(&w->settings, &w->arena);
    if (check_profile(w, plan, e) != OK || check_prices(w, plan, e) != OK)
        return e->code;
    return suite_load(path, &w->arena, suite, e);
}

/* --confirm: the same suite's run, by its id. */
static enum err find_confirmed(struct workspace *w, const struct options *o, const struct suite *suite, struct plan_options *plan,
                               struct error *e)
{
    struct run_row run;
    const char *name = suite->name ? suite->name : "";
    if (!option_given(o, OPT_CONFIRM))
        return OK;
    if (store_run_find(w->store, option_value(o, OPT_CONFIRM), &w->arena, &run, e) != OK)
        return error_prefix(e, "--confirm");
    if (!run.suite_name || strcmp(run.suite_name, name) != 0)
        return error_set(e, ERR_INVALID, "--confirm: run %s is of suite '%s', not of '%s': only the same suite asks again", run.id,
                         run.suite_name ? run.suite_name : "", name);
    plan->confirms = run.id;
    return OK;
}

static enum exit_code plan_and_run(struct workspace *w, const struct options *o, struct plan_options *plan, const struct suite *suite)
{
    struct error e;
    struct plan_result result = { 0 };
    if (option_given(o, OPT_DRY_RUN))
        return dry_run(w, o, suite, plan, &result, &e) == OK ? EXIT_OK : common_fail_unsent(&e);

    if (run_session_check_output(o, &e) != OK || common_open_store(w, o, STORE_CREATE, &e) != OK ||
        find_confirmed(w, o, suite, plan, &e) != OK || store_lock_run(w->store, STORE_LOCK_PLANNING, &e) != OK)
        return common_fail_unsent(&e);
    enum err rc = engine_plan(w->store, &w->settings, suite, plan, &clock_real, &w->arena, &result, &e);
    arena_trim(); /* planning a large set leaves more behind than a small one; running them is alike */
    store_unlock_run(w->store);
    say_findings(&result, plan->skip_invalid);
    if (rc != OK)
        return common_fail_unsent(&e);
    say_plan(&result);

    struct run_session session = {
        .w = w,
        .o = o,
        .run_id = result.run_id,
        .sim_profile = plan->sim_profile,
        .sim_dataset = suite_source(suite, plan->map, plan->map_count),
        .sim_seed = plan->has_seed ? plan->seed : suite->select.seed,
        .budget_usd = -1,
    };
    return run_session(&session);
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    struct suite suite = { 0 };
    struct suite_select narrow = { 0 };
    struct plan_options plan;
    enum exit_code code = read_plan_options(o, &w.arena, &narrow, &plan, &e) == OK && load(&w, o, &plan, &suite, &e) == OK
                              ? plan_and_run(&w, o, &plan, &suite)
                              : common_fail_unsent(&e);
    suite_release(&suite);
    common_close(&w);
    return code;
}

const struct command cmd_run = {
    .name = "run",
    .arguments = "SUITE",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_ENDPOINT, OPT_LIMIT, OPT_SELECT, OPT_EPOCHS, OPT_SEED, OPT_NAME, OPT_CONFIRM, OPT_SHARD, OPT_BUDGET,
                           OPT_DRY_RUN, OPT_NO_EVIDENCE, OPT_SIM, OPT_OUTPUT, OPT_SKIP_INVALID, OPT_MAP, OPT_ASSETS),
    .help = "plan, dispatch, score and store a suite; ends with the per-category table",
    .manual =
        "SUITE is a file, or the name of one in suites/. Every sample is asked of every endpoint, its answer is scored, and\n"
        "all of it is stored as it happens: after a crash, an interruption or a full disk `gauntlet resume` goes on\n"
        "where it stopped and asks for nothing twice that was answered.\n\n"
        "--select: values of one key are alternatives, different keys must all fit; of a category or subcategory the part before\n"
        "the first dot or space is enough, as in `--select category=C`. --limit takes the first ones of the suite's order.\n"
        "--budget counts what is on the wire at the most it can cost, and every endpoint that is tested needs a known price. When it\n"
        "is used up the exit status is 4, and `gauntlet resume` with a larger one goes on; in stratified order what was run until\n"
        "then is a fair sample of the suite. --sim takes demo (the default), clean or a YAML file, and needs no configuration.\n"
        "--confirm: `trend` then says of each alarm of RUN whether this run raises it too, and counts no night for it.\n"
        "--skip-invalid counts what it leaves out as excluded. docs/evidence.md says what is asked unless --no-evidence.\n\n"
        "A suite whose gate has `asr_upper` has a threshold: a complete run says of each endpoint whether it holds, and exits with 1\n"
        "when it does not.\n\n"
        "Ctrl-C once waits for what is on the wire and stores it; twice cuts it off. Both leave a valid store. SIGUSR1 makes it say how\n"
        "far it is.\n\n"
        "  gauntlet run suites/demo.yaml --sim -o demo.html     a rehearsal against the simulated endpoint\n"
        "  gauntlet run nightly -e candidate --limit 500        part of a suite, one endpoint\n"
        "  gauntlet run nightly --dry-run 3                     what would be sent\n",
    .sends = true,
    .run = run,
};
