#include "cli/run_session.h"

#include "base/descriptors.h"
#include "base/file_writer.h"
#include "base/log.h"
#include "base/units.h"
#include "cli/command_line.h"
#include "cli/estimate_view.h"
#include "cli/html_report.h"
#include "cli/output.h"
#include "cli/page_documents.h"
#include "cli/progress_view.h"
#include "cli/report_formats.h"
#include "cli/run_thresholds.h"
#include "cli/stop.h"
#include "cli/terminal.h"
#include "core/version.h"
#include "engine/engine.h"
#include "engine/recipe.h"
#include "net/http.h"
#include "reports/model.h"
#include "store/run_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { REPORT_SAMPLES = 12, MAX_REREAD = 100 };

void run_session_sim_endpoint(struct settings *s, struct arena *a)
{
    struct endpoint_config *endpoint = arena_alloc(a, sizeof(*endpoint));
    endpoint_config_init(endpoint);
    endpoint->name = "simulated";
    endpoint->protocol = "openai-chat";
    endpoint->base_url = "http://127.0.0.1/v1"; /* the simulated endpoint's own address takes its place */
    endpoint->model = "gauntlet/simulated-vlm";
    s->endpoint = endpoint;
    s->endpoint_count = 1;
}

enum err run_session_budget(const struct options *o, double *ret_usd, struct error *e)
{
    const char *text = option_value(o, OPT_BUDGET);
    *ret_usd = -1;
    if (!text)
        return OK;
    char *end;
    double usd = strtod(text, &end);
    if (end == text || *end || !isfinite(usd) || usd < 0)
        return error_set(e, ERR_INVALID, "--budget '%.40s' is not an amount of USD", text);
    *ret_usd = usd;
    return OK;
}

enum err run_session_check_price(const struct endpoint_config *endpoint, struct error *e)
{
    bool by_computing = endpoint->provider && strcmp(endpoint->provider, "hf-inference") == 0;
    if (by_computing)
        return error_set(e, ERR_INVALID, "--budget cannot hold for endpoint '%s': hf-inference bills seconds of computing, not tokens",
                         endpoint->name);
    if (endpoint->price.known || endpoint->price.from_router) /* the engine knows whether the router told */
        return OK;
    return error_set(e, ERR_INVALID,
                     "--budget needs the price of endpoint '%s': give it `price: {input: USD, output: USD}` per million tokens",
                     endpoint->name);
}

enum err run_session_check_output(const struct options *o, struct error *e)
{
    const char *path = option_value(o, OPT_OUTPUT);
    return !path || strcmp(path, "-") == 0 ? OK : file_writer_check(path, e);
}

void run_session_say_estimate(struct store *s, const char *run_id, const struct settings *settings)
{
    struct error e;
    struct estimate_total total = { 0 };
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    bool priced = false;
    for (size_t i = 0; i < settings->endpoint_count; i++)
        priced = priced || settings->endpoint[i].price.known || settings->endpoint[i].price.from_router;
    if (!priced || engine_estimate(s, run_id, settings, estimate_total_add, &total, &e) != OK)
        return;
    estimate_total_text(&total, &line);
    if (line.len > 0)
        log_line(LOG_INFO, "%s", line.buf);
}

static enum stop_level ask_stop(void *context)
{
    (void)context;
    return stop_level();
}

struct view_context {
    struct progress_view *view;
    enum stop_level told;
    const struct options *o;
    struct workspace again[MAX_REREAD]; /* configurations read after SIGHUP; the engine may look into all of them */
    size_t again_count;
};

static void show_progress(const struct progress *p, void *context)
{
    struct view_context *c = context;
    if (stop_level() != c->told) {
        c->told = stop_level();
        progress_view_notice(c->view, LOG_INFO, "stop",
                             c->told == STOP_DRAIN ? "stopping: waiting for what is on the wire; once more to cut it off"
                                                   : "aborting: cutting transfers, storing what is there");
    }
    if (stop_snapshot_wanted())
        progress_view_snapshot(c->view, p);
    progress_view_update(c->view, p);
}

static void show_notice(enum log_level level, const char *kind, const char *message, void *context)
{
    struct view_context *c = context;
    progress_view_notice(c->view, level, kind, message);
}

/* SIGHUP: the configuration again. One that cannot be read changes nothing. */
static const struct settings *reread(void *context)
{
    struct view_context *c = context;
    if (!stop_reread_wanted())
        return NULL;
    if (c->again_count == MAX_REREAD) {
        progress_view_notice(c->view, LOG_WARN, "limits", "the configuration was read again often enough; `gauntlet tune` still works");
        return NULL;
    }
    struct error e;
    struct workspace *w = &c->again[c->again_count];
    *w = (struct workspace)WORKSPACE_INIT;
    if (common_load_settings(w, c->o, true, &e) != OK) {
        progress_view_notice(c->view, LOG_WARN, "limits", "limits stay as they were; the configuration cannot be read again:");
        progress_view_notice(c->view, LOG_WARN, "limits", e.msg);
        common_close(w);
        return NULL;
    }
    progress_view_notice(c->view, LOG_INFO, "limits", "the configuration was read again for its limits");
    c->again_count++;
    return &w->settings;
}

static enum err write_report(struct workspace *w, const struct options *o, const char *run_id, const char *format, const char *path,
                             struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(rows_shelf_release) struct rows_shelf shelf = { 0 };
    bool html = strcmp(format, "html") == 0;
    struct run_row run;
    if (store_run_find(w->store, run_id, &w->arena, &run, e) != OK)
        return e->code;
    if (option_given(o, OPT_ROWS)) {
        enum err rows = report_rows(w, o, &run, strcmp(format, "json") == 0, &out, e);
        return rows == OK ? output_text(path, &out, e) : rows;
    }
    struct model_options options = {
        .samples = html ? REPORT_SAMPLES : 0,
        .redact = common_redact(w, &run),
        .no_charts = !html && strcmp(format, "json") != 0, /* nobody else shows them */
        .unsettled = html || strcmp(format, "junit") == 0,
        .shelf = html ? &shelf : NULL, /* nobody else ranks */
    };
    cJSON *model = NULL;
    if ((html && html_report_model_options(o, &options, e) != OK) || report_errors_as(o, &options.errors_as, e) != OK)
        return e->code;
    enum err rc = model_build(w->store, run_id, &options, &model, e);
    if (rc != OK)
        return rc;

    if (html || strcmp(format, "junit") == 0 || strcmp(format, "markdown") == 0)
        rc = page_documents_add(w, o, &run, html ? &options : NULL, model, e);
    rows_shelf_release(&shelf);
    if (html) {
        if (rc == OK)
            rc = html_report_write(w, &(struct html_request){ .o = o, .run = &run, .path = path }, model, e);
        cJSON_Delete(model);
        return rc;
    }
    if (rc == OK)
        rc = report_format(model, format, o, path != NULL, &out, e);
    cJSON_Delete(model);
    return rc == OK ? output_text(path, &out, e) : rc;
}

enum err run_session_report(struct workspace *w, const struct options *o, const char *run_id, const char *format, const char *path,
                            struct error *e)
{
    if (store_begin_reading(w->store, e) != OK)
        return e->code;
    enum err rc = write_report(w, o, run_id, format, path, e);
    store_rollback(w->store);
    return rc;
}

/* The options that name the same configuration and store again. */
static void add_same_place(const struct options *o, bool with_config, struct strbuf *out)
{
    bool has_config = option_given(o, OPT_CONFIG), has_store = option_given(o, OPT_DB);
    if (has_config && (with_config || !has_store)) {
        (void)strbuf_addstr(out, " -c ");
        command_line_quote(option_value(o, OPT_CONFIG), out);
    }
    if (has_store) {
        (void)strbuf_addstr(out, " --db ");
        command_line_quote(option_value(o, OPT_DB), out);
    }
}

static void say_next(const struct run_session *r, const struct run_result *result, bool reported)
{
    CLEANUP(strbuf_release) struct strbuf reading = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf resuming = STRBUF_INIT;
    add_same_place(r->o, false, &reading);
    add_same_place(r->o, true, &resuming);
    if (result->why[0])
        log_line(result->status == RUN_CANCELLED ? LOG_INFO : LOG_ERROR, "%s", result->why);
    if (result->status == RUN_COMPLETE) {
        log_line(LOG_INFO, "stored in %s as run %s", store_path(r->w->store), r->run_id);
        if (option_given(r->o, OPT_OUTPUT) && reported)
            log_line(LOG_INFO, "report: %s (open it in a browser)", option_value(r->o, OPT_OUTPUT));
        else
            log_line(LOG_INFO, "next: gauntlet report %s%s -o report.html", r->run_id, reading.buf);
        log_line(LOG_INFO, "      gauntlet show SAMPLE%s    one sample with its attempts; sample ids are in the report", reading.buf);
    } else if (result->pending > 0) {
        log_line(LOG_INFO, "next: gauntlet resume %s%s", r->run_id, resuming.buf);
    } else if (result->failed > 0) {
        log_line(LOG_INFO, "next: gauntlet resume %s%s --retry-failed    asks again for what failed", r->run_id, resuming.buf);
    }
}

static enum exit_code exit_code_of(const struct run_result *result)
{
    if (result->unreachable)
        return EXIT_UNREACHABLE;
    switch (result->status) {
    case RUN_COMPLETE: return EXIT_OK;
    case RUN_CANCELLED: return stop_exit_code();
    case RUN_STARTED:
    case RUN_INCOMPLETE:
    case RUN_ERROR: break;
    }
    return EXIT_INCOMPLETE;
}

static enum err rescore(const struct run_session *r, const struct run_options *run, struct run_result *result, struct error *e)
{
    struct rescore_options options = *r->rescore;
    struct rescore_result rescored;
    options.run = run;
    enum err rc = engine_rescore(r->w->store, r->run_id, &options, &r->w->arena, &rescored, e);
    if (rc != OK)
        return rc;
    *result = rescored.run;
    log_line(LOG_INFO, "%lld scorers added, %lld verdicts by rules in %.2f s%s", (long long)rescored.added, (long long)rescored.scored,
             (double)rescored.rules_us / 1e6, rescored.judged ? ", judges were asked" : "");
    return OK;
}

/* What kind of machine: neither its name nor its user's. */
static const char *system_text(struct arena *a)
{
    struct utsname u;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (uname(&u) != 0)
        return NULL;
    return arena_printf(a, "%s %s, %ld processor%s", u.sysname, u.machine, processors, processors == 1 ? "" : "s");
}

/* Before the first request, so that a run that dies says how it was begun. */
static enum err record_session(const struct run_session *r, struct error *e)
{
    const struct settings *settings = &r->w->settings;
    CLEANUP(strbuf_release) struct strbuf command = STRBUF_INIT;
    command_line_redacted(r->o->argc, r->o->argv, getenv("HOME"), settings, &command);
    struct session_record record = {
        .at = clock_wall_us(&clock_real),
        .command = command.buf,
        .version = GAUNTLET_VERSION,
        .commit = version_commit(),
        .system = system_text(&r->w->arena),
        .io_threads = settings->io_threads,
        .max_in_flight = settings->max_in_flight,
    };
    return store_record_session(r->w->store, r->run_id, &record, e);
}

static enum err run_engine(const struct run_session *r, const char *base_url, struct run_result *result, struct error *e)
{
    struct workspace *w = r->w;
    struct run_row run;
    struct recipe recipe;
    struct status_counts counts;
    struct endpoint_row *endpoint;
    size_t endpoint_count;
    if (store_run_find(w->store, r->run_id, &w->arena, &run, e) != OK || store_status_counts(w->store, r->run_id, 0, &counts, e) != OK ||
        store_endpoint_list(w->store, r->run_id, &w->arena, &endpoint, &endpoint_count, e) != OK ||
        recipe_read(run.options_json, &recipe, e) != OK)
        return e->code;
    int64_t seed = recipe.seed;
    recipe_release(&recipe);
    run_session_say_estimate(w->store, r->run_id, &w->settings);
    if (record_session(r, e) != OK)
        return e->code;

    struct view_context view = { .view = progress_view_new(terminal_progress(), r->run_id, run.name), .o = r->o };
    progress_view_start(view.view, run.suite_name ? run.suite_name : "", counts.planned, endpoint_count, seed);
    struct run_options options = {
        .settings = &w->settings,
        .clock = &clock_real,
        .budget_usd = r->budget_usd,
        .ask_evidence = !option_given(r->o, OPT_NO_EVIDENCE),
        .base_url = base_url,
        .stop = ask_stop,
        .progress = show_progress,
        .notice = show_notice,
        .reread = reread,
        .context = &view,
    };
    enum err rc = r->rescore ? rescore(r, &options, result, e) : engine_run(w->store, r->run_id, &options, result, e);
    progress_view_end(view.view, rc == OK ? run_status_name(result->status) : "error");
    progress_view_free(view.view);
    for (size_t i = 0; i < view.again_count; i++)
        common_close(&view.again[i]);
    return rc;
}

/* The table is shown whatever the end was; a report that cannot be made must not hide how the run ended. */
static enum err show_results(const struct run_session *r, struct error *e)
{
    bool json = option_given(r->o, OPT_JSON);
    enum err rc = run_session_report(r->w, r->o, r->run_id, json ? "json" : "text", NULL, e);
    if (rc == OK && option_given(r->o, OPT_OUTPUT))
        rc = run_session_report(r->w, r->o, r->run_id, "html", option_value(r->o, OPT_OUTPUT), e);
    return rc;
}

/* Fewer at once where the system allows no more connections: else requests would fail with words that nobody understands. */
static void fit_descriptors(struct settings *s, bool sim)
{
    size_t open = descriptors_raise(), room = descriptors_for_connections(open, sim ? 2 : 1);
    if ((size_t)s->max_in_flight <= room)
        return;
    log_line(LOG_WARN,
             "this system lets a process open %zu files: at most %zu requests at once, not dispatch.max_in_flight %d; a higher `ulimit -n` "
             "lifts that",
             open, room, s->max_in_flight);
    s->max_in_flight = (int)room;
}

/* The engine could not begin: the run is not going, and does not say so. What was complete has trials that were taken up again. */
static void put_back(const struct run_session *r)
{
    struct error e;
    const struct run_row *was = r->was;
    if (!was || was->status == RUN_STARTED)
        return;
    enum run_status status = was->status == RUN_COMPLETE ? RUN_INCOMPLETE : was->status;
    if (store_run_finish(r->w->store, r->run_id, status, was->finished_at, NULL, NULL, &e) != OK)
        log_line(LOG_WARN, "%s", e.msg);
}

enum exit_code run_session(const struct run_session *r)
{
    struct error e;
    struct sim *sim = NULL;
    struct run_result result = { 0 };
    stop_catch_signals();
    if (http_global_init(&e) != OK || store_lock_run(r->w->store, r->run_id, &e) != OK)
        return common_fail(&e);
    fit_descriptors(&r->w->settings, r->sim_profile != NULL);

    enum err rc = OK;
    bool known = r->sim_dataset.path || r->sim_dataset.preset;
    if (r->sim_profile) {
        struct sim_options options = {
            .listen = "127.0.0.1:0", .profile = r->sim_profile, .dataset = known ? &r->sim_dataset : NULL, .seed = r->sim_seed
        };
        rc = sim_start(&options, &sim, &e);
    }
    if (rc == OK)
        rc = run_engine(r, sim ? sim_url(sim) : NULL, &result, &e);
    sim_stop(sim);
    if (rc != OK)
        put_back(r);
    store_unlock_run(r->w->store);
    enum exit_code code = rc == OK ? exit_code_of(&result) : common_fail(&e);
    if (rc == OK) {
        bool reported = result.status != RUN_ERROR && show_results(r, &e) == OK;
        if (result.status != RUN_ERROR && !reported)
            code = common_fail(&e);
        (void)terminal_flush(); /* the table first, then what to do next */
        bool failed = false;
        if (result.status == RUN_COMPLETE && run_thresholds_say(r->w, r->run_id, &failed, &e) != OK)
            code = common_fail(&e);
        if (failed && code == EXIT_OK)
            code = EXIT_GATE;
        say_next(r, &result, reported);
    }
    http_global_cleanup();
    return code;
}
