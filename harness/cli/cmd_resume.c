/*
 * resume: finish what a stopped run left.
 */
#include "base/log.h"
#include "cli/command.h"
#include "cli/run_session.h"
#include "engine/images_there.h"
#include "engine/recipe.h"
#include "engine/unchanged.h"

#include <string.h>

/* Nothing pending: says so and shows the table, as if the run had just ended. */
static enum exit_code already_done(struct workspace *w, const struct options *o, const struct run_row *run, const struct status_counts *c)
{
    struct error e;
    log_line(LOG_INFO, "run %s has nothing pending", run->id);
    if (c->by_status[TRIAL_FAILED] + c->by_status[TRIAL_SKIPPED] > 0)
        log_line(LOG_INFO, "%lld trials failed and %lld were skipped; --retry-failed takes them up again",
                 (long long)c->by_status[TRIAL_FAILED], (long long)c->by_status[TRIAL_SKIPPED]);
    enum err rc = run_session_report(w, o, run->id, option_given(o, OPT_JSON) ? "json" : "text", NULL, &e);
    if (rc == OK && option_given(o, OPT_OUTPUT))
        rc = run_session_report(w, o, run->id, "html", option_value(o, OPT_OUTPUT), &e);
    if (rc != OK)
        return common_fail(&e);
    return run->status == RUN_INCOMPLETE || run->status == RUN_ERROR ? EXIT_INCOMPLETE : EXIT_OK;
}

/* Marks what was on the wire when the run died, and puts failed and skipped trials back when asked to. All or nothing. */
static enum err reopen(struct workspace *w, const struct options *o, const char *run_id, struct error *e)
{
    int64_t lost = 0, again = 0;
    enum err rc = store_begin(w->store, e);
    if (rc == OK)
        rc = store_run_reopen(w->store, run_id, &lost, e);
    if (rc == OK && option_given(o, OPT_RETRY_FAILED))
        rc = store_requeue_failed(w->store, run_id, &again, e);
    if (rc == OK)
        rc = images_there(w->store, run_id, e);
    if (rc == OK)
        rc = store_commit(w->store, e);
    if (rc != OK) {
        store_rollback(w->store);
        return rc;
    }
    if (lost)
        log_line(LOG_INFO, "%lld attempts were on the wire when the run stopped; their trials are asked again", (long long)lost);
    if (again)
        log_line(LOG_INFO, "%lld failed or skipped trials are taken up again", (long long)again);
    return OK;
}

static enum err check_prices(struct workspace *w, const char *run_id, double budget_usd, struct error *e)
{
    struct endpoint_row *row;
    size_t count;
    if (budget_usd < 0)
        return OK;
    if (store_endpoint_list(w->store, run_id, &w->arena, &row, &count, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) {
        const struct endpoint_config *c = settings_endpoint(&w->settings, row[i].name);
        if (c && !row[i].price.known && run_session_check_price(c, e) != OK)
            return e->code;
    }
    return OK;
}

static enum exit_code resume(struct workspace *w, const struct options *o, struct error *e)
{
    struct run_row run;
    struct status_counts counts;
    CLEANUP(recipe_release) struct recipe recipe = { 0 };
    int64_t unjudged;
    if (store_run_find(w->store, o->argument[0], &w->arena, &run, e) != OK || store_status_counts(w->store, run.id, 0, &counts, e) != OK ||
        store_unscored_count(w->store, run.id, false, &unjudged, e) != OK)
        return common_fail_unsent(e);
    bool again = option_given(o, OPT_RETRY_FAILED) && counts.by_status[TRIAL_FAILED] + counts.by_status[TRIAL_SKIPPED] > 0;
    if (counts.by_status[TRIAL_PENDING] + unjudged == 0 && !again && run.status != RUN_STARTED)
        return already_done(w, o, &run, &counts);

    if (common_need_texts(w, &run, e) != OK || recipe_read(run.options_json, &recipe, e) != OK)
        return common_fail_unsent(e);
    struct run_session session = {
        .w = w,
        .o = o,
        .run_id = run.id,
        .was = &run,
        .sim_profile = recipe.sim_profile,
        .sim_dataset = recipe.dataset,
        .sim_seed = (uint64_t)recipe.seed,
    };
    if (run_session_check_output(o, e) != OK || run_session_budget(o, &session.budget_usd, e) != OK ||
        check_prices(w, run.id, session.budget_usd, e) != OK)
        return common_fail_unsent(e);
    if (session.sim_profile && w->settings.endpoint_count == 0)
        run_session_sim_endpoint(&w->settings, &w->arena);
    if (unchanged_endpoints(w->store, run.id, &w->settings, session.sim_profile != NULL, e) != OK)
        return common_fail_unsent(e);

    if (store_lock_run(w->store, run.id, e) != OK)
        return common_fail_unsent(e);
    enum err rc = reopen(w, o, run.id, e);
    store_unlock_run(w->store);
    return rc == OK ? run_session(&session) : common_fail_unsent(e);
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = common_load_settings(&w, o, true, &e) == OK && common_open_store(&w, o, STORE_WRITE, &e) == OK
                              ? resume(&w, o, &e)
                              : common_fail_unsent(&e);
    common_close(&w);
    return code;
}

const struct command cmd_resume = {
    .name = "resume",
    .arguments = "RUN",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_OUTPUT, OPT_RETRY_FAILED, OPT_NO_EVIDENCE, OPT_BUDGET, OPT_ASSETS),
    .help = "finish what a stopped run left, asking for nothing twice that was answered",
    .manual = "RUN is an id, a unique prefix of one, a name, `last`, `last~1` or baseline:NAME. The run goes on as it was planned,\n"
              "whatever became of its suite file; endpoints and keys come from the configuration and must be the same.\n"
              "Only trials without a final status are asked; failed and skipped ones too with --retry-failed. When none of the\n"
              "images is where it was (a folder that is not mounted), nothing is asked and nothing is skipped. --budget is that of\n"
              "the whole run, earlier sessions included; attempts that were lost stay counted at the most they can have cost. A\n"
              "run against the simulated endpoint is resumed against it.\n",
    .sends = true,
    .run = run,
};
