/*
 * rm: forget a run. Asks first, because answers were paid for; has no short alias, so that it is hard to hit by accident.
 */
#include "base/json_member.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"

static void write_json(const char *run_id, bool deleted)
{
    cJSON *document = output_document();
    json_member_text(document, "run", run_id);
    (void)cJSON_AddBoolToObject(document, "deleted", deleted);
    output_json(document);
}

static enum exit_code remove_run(struct workspace *w, const struct options *o, struct error *e)
{
    struct run_row run;
    struct status_counts counts;
    if (store_run_find(w->store, o->argument[0], &w->arena, &run, e) != OK || store_status_counts(w->store, run.id, 0, &counts, e) != OK)
        return common_fail(e);

    int64_t answers = counts.by_status[TRIAL_ANSWERED] + counts.by_status[TRIAL_BLOCKED];
    const char *what = arena_printf(&w->arena, "run %s (%s, %lld trials, %lld answers)", run.id,
                                    run.suite_name ? run.suite_name : "no suite", (long long)counts.planned, (long long)answers);
    if (option_given(o, OPT_DRY_RUN)) {
        log_line(LOG_INFO, "would delete %s", what);
        if (option_given(o, OPT_JSON))
            write_json(run.id, false);
        return EXIT_OK;
    }
    if (store_lock_run(w->store, run.id, e) != OK)
        return common_fail(e);
    if (!option_given(o, OPT_YES) && !common_confirm(arena_printf(&w->arena, "Delete %s?", what))) {
        log_line(LOG_INFO, "nothing was deleted; --yes deletes without asking");
        return EXIT_USAGE;
    }
    if (store_run_delete(w->store, run.id, e) != OK)
        return common_fail(e);
    store_unlock_run(w->store);
    log_line(LOG_INFO, "deleted %s", what);
    if (option_given(o, OPT_JSON))
        write_json(run.id, true);
    return EXIT_OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = common_open_store(&w, o, STORE_WRITE, &e) == OK ? remove_run(&w, o, &e) : common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_rm = {
    .name = "rm",
    .arguments = "RUN",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_YES, OPT_DRY_RUN),
    .help = "delete a run and its answers from the store",
    .manual = "Asks first, unless --yes. The run's trials, attempts, answers and scores are gone afterwards; samples stay while\n"
              "another run uses them.\n",
    .run = run,
};
