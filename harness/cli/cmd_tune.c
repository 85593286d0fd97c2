/*
 * tune: change limits of a run that is going now, from another terminal.
 */
#include "base/clock.h"
#include "base/json_member.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "engine/tuning.h"
#include "store/writer.h"

#include <string.h>

/* The run that is meant and goes now: the lock says which. */
static enum err find_live_run(struct workspace *w, const char *reference, struct run_row *ret_run, struct error *e)
{
    int pid = 0;
    char holder[64] = "";
    if (store_run_find(w->store, reference, &w->arena, ret_run, e) != OK)
        return e->code;
    if (store_lock_holder(store_path(w->store), &pid, holder) && strcmp(holder, ret_run->id) == 0)
        return OK;
    return error_set(e, ERR_INVALID,
                     "run %s is not going now: there is nothing to tune; what config.yaml says holds when it is resumed, and `resume "
                     "--budget` sets its budget",
                     ret_run->id);
}

/* Systems under test, then judges, which are known by their scorers' configuration only: those are in the configuration. */
static enum err names_of_run(struct workspace *w, const char *run_id, const char *const **ret_name, size_t *ret_count, struct error *e)
{
    struct endpoint_row *row;
    size_t count;
    if (store_endpoint_list(w->store, run_id, &w->arena, &row, &count, e) != OK)
        return e->code;
    const char **name = arena_array(&w->arena, count + w->settings.endpoint_count, sizeof(*name));
    for (size_t i = 0; i < count; i++)
        name[i] = row[i].name;
    for (size_t i = 0; i < w->settings.endpoint_count; i++)
        name[count++] = w->settings.endpoint[i].name;
    *ret_name = name;
    *ret_count = count;
    return OK;
}

static enum err wish(struct workspace *w, const char *run_id, const struct tuning *t, const char *text, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf detail = STRBUF_INIT;
    tuning_write(t, &detail);
    return store_event(w->store, run_id, clock_wall_us(&clock_real), "info", TUNE_EVENT, arena_printf(&w->arena, "asked for: %.200s", text),
                       detail.buf, e);
}

static enum err tune(struct workspace *w, const struct options *o, struct error *e)
{
    struct run_row run;
    const char *const *name = NULL;
    size_t count = 0, wishes = o->argument_count - 1;
    if (find_live_run(w, o->argument[0], &run, e) != OK || names_of_run(w, run.id, &name, &count, e) != OK)
        return e->code;
    struct tuning *t = arena_array(&w->arena, wishes, sizeof(*t));
    for (size_t i = 0; i < wishes; i++) {
        if (tuning_parse(o->argument[i + 1], name, count, &w->arena, &t[i], e) != OK)
            return e->code;
    }
    enum err rc = store_begin(w->store, e);
    for (size_t i = 0; rc == OK && i < wishes; i++)
        rc = wish(w, run.id, &t[i], o->argument[i + 1], e);
    if (rc == OK)
        rc = store_commit(w->store, e);
    if (rc != OK) {
        store_rollback(w->store);
        return rc;
    }
    log_line(LOG_INFO, "asked run %s for %zu %s; it says in its own output what it took", run.id, wishes,
             wishes == 1 ? "change" : "changes");
    if (option_given(o, OPT_JSON)) {
        cJSON *document = output_document();
        json_member_text(document, "run", run.id);
        cJSON *list = cJSON_AddArrayToObject(document, "changes");
        for (size_t i = 0; i < wishes; i++) {
            cJSON *json = cJSON_CreateObject();
            json_member_text(json, "endpoint", t[i].endpoint);
            json_member_text(json, "key", tuning_key_name(t[i].key));
            (void)cJSON_AddNumberToObject(json, "value", t[i].value);
            cJSON_AddItemToArray(list, json);
        }
        output_json(document);
    }
    return OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code =
        common_load_settings(&w, o, true, &e) == OK && common_open_store(&w, o, STORE_WRITE, &e) == OK && tune(&w, o, &e) == OK
            ? EXIT_OK
            : common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_tune = {
    .name = "tune",
    .arguments = "RUN KEY=VALUE…",
    .min_arguments = 2,
    .max_arguments = -1,
    .help = "change limits of a run that is going now",
    .manual = "KEY is an endpoint's name and one of its limits, as in candidate.max_in_flight=20: max_in_flight, requests_per_minute,\n"
              "tokens_per_minute (0 = no limit) or budget_usd (-1 = none). dispatch.max_in_flight is the one for all endpoints together.\n"
              "A run has room for as many requests as dispatch.max_in_flight said when it started. It takes the change within a\n"
              "second, says so, and keeps it among its events; config.yaml stays as it is. The signal HUP makes a run read config.yaml\n"
              "again and take the limits whose lines have changed.\n",
    .run = run,
};
