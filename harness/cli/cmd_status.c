/*
 * status: a run that is going now, or how the last one stands.
 */
#include "base/json.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "reports/status_model.h"

static int64_t count_of(const cJSON *object, const char *key)
{
    int64_t value = 0;
    (void)json_int(object, key, &value);
    return value;
}

static void add_endpoint(struct strbuf *out, const cJSON *endpoint)
{
    int64_t planned = count_of(endpoint, "planned"), done = planned - count_of(endpoint, "pending");
    (void)strbuf_addf(out, "  %-20s ", json_string(endpoint, "name"));
    units_format_count(done, out);
    (void)strbuf_addch(out, '/');
    units_format_count(planned, out);
    (void)strbuf_addf(out, " %lld%%", (long long)(planned ? done * 100 / planned : 100));
    for (int i = TRIAL_PENDING + 1; i < TRIAL_STATUS_COUNT; i++) {
        const char *status = trial_status_name((enum trial_status)i);
        if (count_of(endpoint, status))
            (void)strbuf_addf(out, "  %s %lld", status, (long long)count_of(endpoint, status));
    }
    (void)strbuf_addch(out, '\n');
    const cJSON *recent = json_object(endpoint, "recent");
    if (recent)
        (void)strbuf_addf(out, "  %-20s in flight %lld, %lld requests/min, %lld answered 429 in the last minute\n", "",
                          (long long)count_of(recent, "in_flight"), (long long)count_of(recent, "requests_per_minute"),
                          (long long)count_of(recent, "rate_limited"));
}

static void write_text(const cJSON *document)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const char *run = json_string(document, "run");
    bool live = json_bool(document, "live", false);
    (void)strbuf_addf(&out, "run %s  %s", run, live ? "is going" : json_string(document, "status"));
    if (live)
        (void)strbuf_addf(&out, " (process %lld)", (long long)count_of(document, "pid"));
    (void)strbuf_addch(&out, '\n');

    int64_t pending = 0;
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(document, "endpoints"))
    {
        add_endpoint(&out, endpoint);
        pending += count_of(endpoint, "pending");
    }
    if (!live && pending > 0)
        (void)strbuf_addf(&out, "  `gauntlet resume %s` goes on\n", run);
    terminal_write(out.buf, out.len);
}

static enum err show_status(struct workspace *w, const struct options *o, struct error *e)
{
    cJSON *document;
    enum err rc = status_build(w->store, o->argument_count ? o->argument[0] : NULL, &document, e);
    if (rc != OK)
        return rc;
    if (option_given(o, OPT_JSON)) {
        output_json(document);
        return OK;
    }
    write_text(document);
    cJSON_Delete(document);
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
    .manual = "Reads the store only, so it may be asked as often as you like, from another terminal. Of a run that is going now it\n"
              "also shows what each endpoint was asked in the last minute.\n",
    .run = run,
};
