/*
 * status: a run that is going now, or how the last one stands.
 */
#include "base/clock.h"
#include "base/json_member.h"
#include "base/log.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "cli/terminal.h"

#include <math.h>
#include <string.h>

static void add_counts(cJSON *json, const struct status_counts *c)
{
    (void)cJSON_AddNumberToObject(json, "planned", (double)c->planned);
    for (int i = 0; i < TRIAL_STATUS_COUNT; i++)
        (void)cJSON_AddNumberToObject(json, trial_status_name((enum trial_status)i), (double)c->by_status[i]);
}

static void add_counts_text(struct strbuf *out, const char *name, const struct status_counts *c)
{
    int64_t done = c->planned - c->by_status[TRIAL_PENDING];
    (void)strbuf_addf(out, "  %-20s ", name);
    units_format_count(done, out);
    (void)strbuf_addch(out, '/');
    units_format_count(c->planned, out);
    (void)strbuf_addf(out, " %lld%%", (long long)(c->planned ? done * 100 / c->planned : 100));
    for (int i = TRIAL_PENDING + 1; i < TRIAL_STATUS_COUNT; i++) {
        if (c->by_status[i])
            (void)strbuf_addf(out, "  %s %lld", trial_status_name((enum trial_status)i), (long long)c->by_status[i]);
    }
    (void)strbuf_addch(out, '\n');
}

/* Of the last minute, or of as much of it as the newest requests reach back. */
static enum err add_traffic(struct store *s, int64_t endpoint_id, cJSON *json, struct strbuf *out, struct error *e)
{
    struct recent_traffic t;
    int64_t now = clock_wall_us(&clock_real), since = now - INT64_C(60) * 1000000;
    if (store_recent_traffic(s, endpoint_id, since, &t, e) != OK)
        return e->code;
    double minutes = t.first_sent_at > since && t.first_sent_at < now ? (double)(now - t.first_sent_at) / 60e6 : 1;
    double per_minute = (double)t.requests / (minutes < 1.0 / 60 ? 1.0 / 60 : minutes);
    cJSON *recent = cJSON_AddObjectToObject(json, "recent");
    (void)cJSON_AddNumberToObject(recent, "in_flight", (double)t.in_flight);
    (void)cJSON_AddNumberToObject(recent, "requests_per_minute", floor(per_minute));
    (void)cJSON_AddNumberToObject(recent, "rate_limited", (double)t.rate_limited);
    (void)strbuf_addf(out, "  %-20s in flight %lld, %.0f requests/min, %lld answered 429 in the last minute\n", "", (long long)t.in_flight,
                      per_minute, (long long)t.rate_limited);
    return OK;
}

static enum err show_status(struct workspace *w, const struct options *o, struct error *e)
{
    int pid = 0;
    char holder[64] = "";
    bool live = store_lock_holder(store_path(w->store), &pid, holder);
    struct run_row run;
    struct endpoint_row *endpoint;
    size_t count;
    const char *reference = o->argument_count ? o->argument[0] : live && strcmp(holder, STORE_LOCK_PLANNING) != 0 ? holder : "last";
    if (store_run_find(w->store, reference, &w->arena, &run, e) != OK ||
        store_endpoint_list(w->store, run.id, &w->arena, &endpoint, &count, e) != OK)
        return e->code;
    live = live && strcmp(holder, run.id) == 0;

    cJSON *document = output_document();
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    json_member_text(document, "run", run.id);
    json_member_text(document, "status", run_status_name(run.status));
    (void)cJSON_AddBoolToObject(document, "live", live);
    if (live)
        (void)cJSON_AddNumberToObject(document, "pid", pid);
    (void)strbuf_addf(&out, "run %s  %s", run.id, live ? "is going" : run_status_name(run.status));
    if (live)
        (void)strbuf_addf(&out, " (process %d)", pid);
    (void)strbuf_addch(&out, '\n');

    cJSON *list = cJSON_AddArrayToObject(document, "endpoints");
    int64_t pending = 0;
    for (size_t i = 0; i < count; i++) {
        struct status_counts counts;
        if (store_status_counts(w->store, run.id, endpoint[i].id, &counts, e) != OK) {
            cJSON_Delete(document);
            return e->code;
        }
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "name", endpoint[i].name);
        add_counts(json, &counts);
        cJSON_AddItemToArray(list, json);
        add_counts_text(&out, endpoint[i].name, &counts);
        if (live && add_traffic(w->store, endpoint[i].id, json, &out, e) != OK) {
            cJSON_Delete(document);
            return e->code;
        }
        pending += counts.by_status[TRIAL_PENDING];
    }
    if (!live && pending > 0)
        (void)strbuf_addf(&out, "  `gauntlet resume %s` goes on\n", run.id);
    if (option_given(o, OPT_JSON)) {
        output_json(document);
        return OK;
    }
    cJSON_Delete(document);
    terminal_write(out.buf, out.len);
    return OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = common_open_store(&w, o, STORE_READ, &e) == OK && show_status(&w, o, &e) == OK ? EXIT_OK : common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_status = {
    .name = "status",
    .arguments = "[RUN]",
    .min_arguments = 0,
    .max_arguments = 1,
    .help = "how far a run is that is going now, or how the last one stands",
    .manual = "Reads the store only, so it may be asked as often as you like, from another terminal.\n",
    .run = run,
};
