/*
 * trend: the history of a suite over the runs in the store.
 */
#include "cli/command.h"
#include "cli/common.h"
#include "cli/terminal.h"

#include "reports/charts.h"
#include "reports/model_trend.h"
#include "reports/trend_render.h"

#include <string.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_MARKDOWN };

static const char *const format_word[] = { "text", "json", "csv", "markdown" }; /* in the order of enum format */

static enum err render(const cJSON *model, size_t format, bool raw, struct strbuf *out, struct error *e)
{
    struct text_style style = terminal_style();
    switch (format) {
    case FORMAT_JSON: return render_json(model, out, e);
    case FORMAT_CSV: return trend_render_csv(model, raw, out, e);
    case FORMAT_MARKDOWN: return trend_render_markdown(model, out, e);
    default: return trend_render_text(model, &style, out, e);
    }
}

static enum err suite_of_run(struct workspace *w, const struct options *o, const char **ret_suite, struct error *e)
{
    struct run_row run;
    if (option_given(o, OPT_SUITE))
        return error_set(e, ERR_INVALID, "trend wants a RUN or --suite, not both");
    if (store_run_find(w->store, o->argument[0], &w->arena, &run, e) != OK)
        return e->code;
    if (!run.suite_name)
        return error_set(e, ERR_INVALID, "run %s is of no suite", run.id);
    *ret_suite = run.suite_name;
    return OK;
}

static enum err show(struct workspace *w, const struct options *o, int64_t *ret_open, struct error *e)
{
    size_t format = FORMAT_TEXT;
    int64_t last = 0, learn = 0;
    if (option_format(o, format_word, ARRAY_LEN(format_word), &format, e) != OK || option_int(o, OPT_LAST, 1, MAX_NIGHTS, &last, e) != OK ||
        option_int(o, OPT_LEARN, LEARNING_NIGHTS, MAX_LEARNING_NIGHTS, &learn, e) != OK || common_open_store(w, o, STORE_READ, e) != OK)
        return e->code;
    struct trend_options options = { .suite = option_value(o, OPT_SUITE),
                                     .endpoint = o->option[OPT_ENDPOINT].value,
                                     .endpoint_count = o->option[OPT_ENDPOINT].count,
                                     .last = (size_t)last,
                                     .learn = (size_t)learn };

    if (o->argument_count > 0 && suite_of_run(w, o, &options.suite, e) != OK)
        return e->code;

    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model;
    enum err rc = model_trend_build(w->store, &options, &model, e);
    if (rc != OK)
        return rc;
    rc = render(model, format, option_given(o, OPT_CSV_RAW), &out, e);
    int64_t open = model_trend_open_alarms(model);
    cJSON_Delete(model);
    if (rc != OK)
        return rc;
    terminal_write(out.buf, out.len);
    *ret_open = open;
    return OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    int64_t open = 0;
    enum exit_code code = show(&w, o, &open, &e) == OK ? EXIT_OK : common_fail(&e);
    common_close(&w);
    return code == EXIT_OK && open > 0 && option_given(o, OPT_FAIL_ON_ALARM) ? EXIT_GATE : code;
}

const struct command cmd_trend = {
    .name = "trend",
    .arguments = "[RUN]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_SUITE, OPT_ENDPOINT, OPT_LAST, OPT_LEARN, OPT_FAIL_ON_ALARM, OPT_FORMAT, OPT_CSV_RAW),
    .help = "history of a suite over the runs in the store",
    .manual =
        "One night is one run of the suite. Nights of one identity are an era; a change of model, fingerprint, revision, server or\n"
        "of how it is asked opens another, with its reason. The first 10 counted nights of an era (--learn) teach its limits (from the\n"
        "nights' own moving ranges); later ones are watched with EWMA, CUSUM and 4 sigma. Runs that are not finished, that\n"
        "miss more than 2 % or were asked otherwise for once are shown and not counted. Every night is also compared sample\n"
        "by sample with its era's first one. The suite is that of RUN, of --suite, or of the newest run; without -e: the\n"
        "endpoints of its newest run. At most 400 nights are read, --last of them (30) shown. Formats: text, json, csv,\n"
        "markdown.\n\n"
        "The newest night has an open alarm when a chart over all categories alarms up to it, its pairs do (p below .0027), its\n"
        "answers are not those of the nights before (a two-sample test, p below .0027), or it began an era because the system\n"
        "changed. `gauntlet run SUITE --confirm RUN` asks again what a night asked: each alarm is then confirmed or refuted. The\n"
        "exit status says nothing of alarms, unless --fail-on-alarm: 1 when one is open and not refuted.\n",
    .run = run,
};
