/*
 * baseline: names for runs to compare with, moved only when somebody says so.
 */
#include "base/clock.h"
#include "base/json_member.h"
#include "base/log.h"
#include "base/nearest.h"
#include "cli/baseline_list.h"
#include "cli/command.h"
#include "cli/output.h"

#include <string.h>

enum { MAX_NAME_BYTES = 64 };

static enum err check_name(const char *name, struct error *e)
{
    static const char accepted[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t len = strlen(name);
    if (len == 0 || len > MAX_NAME_BYTES || strspn(name, accepted) != len)
        return error_set(e, ERR_INVALID, "'%.80s' is no name for a baseline: at most %d letters, digits, '.', '_' and '-'", name,
                         (int)MAX_NAME_BYTES);
    return OK;
}

static const struct baseline_row *find(const struct baseline_row *row, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(row[i].name, name) == 0)
            return &row[i];
    }
    return NULL;
}

/* NULL `run_id` or `before` = none. */
static void answer(const struct options *o, const char *name, const char *run_id, const char *before)
{
    if (!option_given(o, OPT_JSON))
        return;
    cJSON *document = output_document();
    json_member_text(document, "name", name);
    json_member_text(document, "run", run_id);
    json_member_text(document, "before", before);
    output_json(document);
}

static bool is_going(const struct workspace *w, const char *run_id)
{
    int pid;
    char held[64];
    return store_lock_holder(w->store_path, &pid, held) && strcmp(held, run_id) == 0;
}

static enum err set(struct workspace *w, const struct options *o, const struct baseline_row *before, struct error *e)
{
    const char *name = o->argument[1];
    struct run_row run;
    struct status_counts counts;
    if (check_name(name, e) != OK || store_run_find(w->store, o->argument[2], &w->arena, &run, e) != OK ||
        store_status_counts(w->store, run.id, 0, &counts, e) != OK)
        return e->code;
    if (is_going(w, run.id))
        return error_set(e, ERR_INVALID, "run %s is still going: a baseline is a finished run", run.id);
    if (counts.by_status[TRIAL_PENDING] > 0)
        log_line(LOG_WARN, "run %s has %lld pending trials; `gauntlet resume %s` finishes them", run.id,
                 (long long)counts.by_status[TRIAL_PENDING], run.id);
    if (store_baseline_set(w->store, name, run.id, clock_wall_us(&clock_real), e) != OK)
        return e->code;
    if (before && strcmp(before->run_id, run.id) != 0)
        log_line(LOG_INFO, "baseline %s is run %s now; it was %s", name, run.id, before->run_id);
    else
        log_line(LOG_INFO, "baseline %s is run %s", name, run.id);
    answer(o, name, run.id, before ? before->run_id : NULL);
    return OK;
}

static enum err forget(struct workspace *w, const struct options *o, const struct baseline_row *before, struct error *e)
{
    const char *name = o->argument[1];
    if (!before)
        return error_set(e, ERR_NOT_FOUND, "there is no baseline '%.80s'; `gauntlet ls baselines` lists them", name);
    if (store_baseline_remove(w->store, name, e) != OK)
        return e->code;
    log_line(LOG_INFO, "baseline %s is no more; run %s stays", name, before->run_id);
    answer(o, name, NULL, before->run_id);
    return OK;
}

static enum err act(struct workspace *w, const struct options *o, struct error *e)
{
    static const struct {
        const char *name;
        size_t arguments; /* with the word itself */
        const char *usage;
    } word[] = { { "set", 3, "set NAME RUN" }, { "rm", 2, "rm NAME" }, { "list", 1, "list" } };
    static const char *const known[] = { "set", "rm", "list" };
    const char *what = o->argument[0];
    size_t i = 0;
    while (i < ARRAY_LEN(word) && strcmp(word[i].name, what) != 0)
        i++;
    if (i == ARRAY_LEN(word)) {
        const char *near = nearest_name(what, known, ARRAY_LEN(known));
        return error_set(e, ERR_INVALID, "baseline knows set, rm and list, not '%.40s'%s%s%s", what, near ? "; did you mean " : "",
                         near ? near : "", near ? "?" : "");
    }
    if (o->argument_count != word[i].arguments)
        return error_set(e, ERR_INVALID, "usage: gauntlet baseline %s", word[i].usage);

    struct baseline_row *row;
    size_t count;
    bool list = strcmp(what, "list") == 0;
    if (common_open_store(w, o, list ? STORE_READ : STORE_WRITE, e) != OK)
        return e->code;
    if (list)
        return baseline_list(w, option_given(o, OPT_JSON), e);
    if (store_baseline_list(w->store, &w->arena, &row, &count, e) != OK)
        return e->code;
    const struct baseline_row *before = find(row, count, o->argument[1]);
    return strcmp(what, "set") == 0 ? set(w, o, before, e) : forget(w, o, before, e);
}

static enum exit_code run(const struct options *o)
{
    return common_act(o, act);
}

const struct command cmd_baseline = {
    .name = "baseline",
    .arguments = "set NAME RUN | rm NAME | list",
    .min_arguments = 1,
    .max_arguments = 3,
    .help = "name a run to compare with",
    .manual = "`set` gives a run the name NAME, taking it from the run that had it; wherever a RUN is asked for, baseline:NAME is\n"
              "that run. `rm` forgets the name and leaves the run. A baseline named like a suite is the one that `gauntlet gate`\n"
              "takes for runs of that suite. A run that is deleted takes its names along.\n",
    .run = run,
};
