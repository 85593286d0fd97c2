/*
 * rescore: score stored answers again, asking the models under test for nothing.
 */
#include "base/log.h"
#include "cli/command.h"
#include "cli/run_session.h"
#include "cli/scorer_spec.h"
#include "cli/suite_file.h"
#include "engine/recipe.h"

#include <string.h>

static enum err read_scorers(struct workspace *w, const struct options *o, struct suite *ret_suite, bool *ret_given, struct error *e)
{
    const char *path;
    bool specs = option_given(o, OPT_SCORER);
    *ret_given = specs || o->argument_count > 1;
    if (specs && o->argument_count > 1)
        return error_set(e, ERR_INVALID, "SUITE and --scorer both name scorers; give one of them");
    if (specs)
        return scorer_spec_suite(o, &w->arena, ret_suite, e);
    if (!*ret_given)
        return OK;
    if (suite_file_find(o->argument[1], &w->arena, &path, e) != OK)
        return e->code;
    return suite_load(path, &w->arena, ret_suite, e);
}

static enum exit_code rescore(struct workspace *w, const struct options *o, struct error *e)
{
    struct run_row run;
    CLEANUP(recipe_release) struct recipe recipe = { 0 };
    if (store_run_find(w->store, o->argument[0], &w->arena, &run, e) != OK || common_need_texts(w, &run, e) != OK ||
        recipe_read(run.options_json, &recipe, e) != OK)
        return common_fail(e);

    bool given;
    struct suite suite = { 0 };
    if (read_scorers(w, o, &suite, &given, e) != OK)
        return common_fail(e);
    struct rescore_options options = { .suite = given ? &suite : NULL,
                                       .first_is_primary = option_given(o, OPT_PRIMARY),
                                       .missing = option_given(o, OPT_MISSING) };
    struct run_session session = {
        .w = w,
        .o = o,
        .run_id = run.id,
        .sim_profile = recipe.sim_profile,
        .sim_dataset = recipe.dataset,
        .sim_seed = (uint64_t)recipe.seed,
        .rescore = &options,
    };
    enum exit_code code;
    if (options.first_is_primary && !given) {
        (void)error_set(e, ERR_INVALID, "--primary wants a SUITE or a --scorer, whose first scorer makes the headline");
        code = common_fail(e);
    } else if (run_session_check_output(o, e) != OK || run_session_budget(o, &session.budget_usd, e) != OK) {
        code = common_fail(e);
    } else {
        if (session.sim_profile && w->settings.endpoint_count == 0)
            run_session_sim_endpoint(&w->settings, &w->arena);
        code = run_session(&session);
    }
    suite_release(&suite);
    return code;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = common_load_settings(&w, o, true, &e) == OK && common_open_store(&w, o, STORE_WRITE, &e) == OK
                              ? rescore(&w, o, &e)
                              : common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_rescore = {
    .name = "rescore",
    .arguments = "RUN [SUITE]",
    .min_arguments = 1,
    .max_arguments = 2,
    .options = OPTION_LIST(OPT_SCORER, OPT_PRIMARY, OPT_MISSING, OPT_OUTPUT, OPT_BUDGET, OPT_ASSETS),
    .help = "score stored answers again, asking the models under test for nothing",
    .manual = "The scorers of SUITE, or those given with --scorer, are added to the run where it does not have them; what they say\n"
              "stands beside the verdicts that are there. With --primary the first of them makes the headline from now on.\n"
              "Without either, what is missing is scored: answers that an interrupted run left to its judges. --missing also asks\n"
              "again where a judge could not be reached; the old verdict is kept in the table score_replaced.\n"
              "What a judge was asked before, and answered, is not asked again. Ctrl-C stops; the same command goes on.\n",
    .sends = true,
    .run = run,
};
