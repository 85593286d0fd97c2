/*
 * plan: how many samples a wanted precision needs, and what a budget buys.
 */
#include "cli/command.h"
#include "cli/common.h"
#include "cli/run_session.h"
#include "cli/terminal.h"

#include "base/fs.h"
#include "reports/planning.h"

/* Percentage points of an option as a fraction of 1; `ret` is untouched when it was not given. */
static enum err points(const struct options *o, enum option_id id, double *ret, struct error *e)
{
    double value = 0;
    enum err rc = option_real(o, id, 100, &value, e);
    if (rc == OK && option_given(o, id))
        *ret = value / 100;
    return rc;
}

static enum err read_options(const struct options *o, struct planning_options *p, struct error *e)
{
    *p = (struct planning_options){
        .suite = option_value(o, OPT_SUITE), .endpoint = option_value(o, OPT_ENDPOINT), .delta = 0.01, .half_width = 0.01, .power = 0.80
    };
    if (points(o, OPT_DELTA, &p->delta, e) != OK || points(o, OPT_HALF_WIDTH, &p->half_width, e) != OK ||
        option_real(o, OPT_POWER, 0.9999, &p->power, e) != OK)
        return e->code;
    return run_session_budget(o, &p->budget_usd, e);
}

/* A plan needs no store: without one, and when none was asked for, the defaults are used. */
static enum err open_store(struct workspace *w, const struct options *o, struct error *e)
{
    bool asked = option_given(o, OPT_DB) || option_given(o, OPT_SUITE) || option_given(o, OPT_ENDPOINT);
    if (!asked && common_load_settings(w, o, true, e) != OK)
        return e->code;
    return !asked && !fs_exists(w->store_path) ? OK : common_open_store(w, o, STORE_READ, e);
}

static enum err show(struct workspace *w, const struct options *o, struct error *e)
{
    struct planning_options options;
    if (read_options(o, &options, e) != OK || open_store(w, o, e) != OK)
        return e->code;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct text_style style = terminal_style();
    cJSON *plan;
    enum err rc = planning_build(w->store, &options, &plan, e);
    if (rc != OK)
        return rc;
    rc = option_given(o, OPT_JSON) ? render_json(plan, &out, e) : planning_render_text(plan, &style, &out, e);
    cJSON_Delete(plan);
    if (rc == OK)
        terminal_write(out.buf, out.len);
    return rc;
}

static enum exit_code run(const struct options *o)
{
    return common_act(o, show);
}

const struct command cmd_plan = {
    .name = "plan",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = OPTION_LIST(OPT_SUITE, OPT_ENDPOINT, OPT_DELTA, OPT_HALF_WIDTH, OPT_POWER, OPT_BUDGET),
    .help = "how many samples a wanted precision needs",
    .manual = "Says how many samples find a difference of --delta between two runs, exclude one when there is none, and give one rate an\n"
              "interval of +- --half-width; what the suite's present number of samples finds; and what --budget buys. The share of\n"
              "samples whose outcome differs (psi) and the design effect of intents come from the last two comparable runs of the\n"
              "suite, over all and per category; without any, psi 0.08 and a design effect of 2 are assumed, and said to be.\n",
    .run = run,
};
