/*
 * compare: two runs or endpoints on the same samples, what got worse and what got better; more than two: which are tied with the best.
 */
#include "cli/command.h"
#include "cli/common.h"
#include "cli/gate_options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "reports/compare.h"
#include "reports/ranking.h"
#include "reports/render_compare.h"

#include <string.h>

enum format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON };

static const char *const format_word[] = { "text", "markdown", "json" }; /* in the order of enum format */

static enum err render(const cJSON *tree, bool ranking, size_t format, const struct options *o, struct strbuf *out, struct error *e)
{
    struct text_style style = terminal_style();
    style.verbose = option_given(o, OPT_VERBOSE);
    if (option_given(o, OPT_OUTPUT))
        style.color = false;
    switch (format) {
    case FORMAT_JSON: return render_json(tree, out, e);
    case FORMAT_MARKDOWN: return ranking ? ranking_markdown(tree, out, e) : render_compare_markdown(tree, out, e);
    case FORMAT_TEXT:
    default: return ranking ? ranking_text(tree, &style, out, e) : render_compare_text(tree, &style, out, e);
    }
}

static enum err build(struct workspace *w, const struct options *o, bool *ret_comparable, cJSON **ret_tree, struct error *e)
{
    struct allowed_fields allowed;
    struct comparison c;
    size_t count = o->argument_count;
    struct side *side = arena_array(&w->arena, count, sizeof(*side));
    if (gate_options_allowed(o, &allowed, e) != OK || common_open_store(w, o, STORE_READ, e) != OK ||
        sides_find(w->store, o->argument, count, &w->arena, side, e) != OK)
        return e->code;
    if (count > 2) {
        if (ranking_build(w->store, side, count, &allowed, NULL, ret_tree, e) != OK)
            return e->code;
    } else {
        if (comparison_load(w->store, &side[0], &side[1], &allowed, &c, e) != OK)
            return e->code;
        const struct gate_policy policy = compare_policy(&side[1]);
        *ret_tree = compare_build(&c, &policy);
        comparison_clear(&c);
    }
    *ret_comparable = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(*ret_tree, "comparable"));
    return OK;
}

static enum exit_code compare(struct workspace *w, const struct options *o, struct error *e)
{
    size_t format = FORMAT_TEXT;
    bool comparable = false;
    cJSON *tree = NULL;
    if (option_format(o, format_word, ARRAY_LEN(format_word), &format, e) != OK || build(w, o, &comparable, &tree, e) != OK)
        return common_fail(e);
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    enum err rc = render(tree, o->argument_count > 2, format, o, &out, e);
    cJSON_Delete(tree);
    if (rc == OK)
        rc = output_text(option_value(o, OPT_OUTPUT), &out, e);
    return rc != OK ? common_fail(e) : comparable ? EXIT_OK : EXIT_NO_VERDICT;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = compare(&w, o, &e);
    common_close(&w);
    return code;
}

const struct command cmd_compare = {
    .name = "compare",
    .arguments = "BASE CANDIDATE...",
    .min_arguments = 2,
    .max_arguments = MAX_RANKED,
    .options = OPTION_LIST(OPT_FORMAT, OPT_OUTPUT, OPT_ALLOW_MISMATCH),
    .help = "what got worse and what got better between two runs or endpoints, on the same samples",
    .manual = "BASE and CANDIDATE are a RUN or RUN:ENDPOINT; two endpoints of one run are RUN:a RUN:b. A run with several endpoints\n"
              "and none named is taken by the other side's endpoint of the same name. Samples are paired by the data set's ids;\n"
              "a difference above 0 is worse. Categories are corrected by Holm, subcategories and attacks (-v) by\n"
              "Benjamini-Hochberg; `n/t` = not tested: fewer than 10 intents, or nothing differs. Runs that measured different\n"
              "things are not compared: the fields that differ are shown instead, and the exit code is 5. With more than two\n"
              "sides, they are ranked: who is statistically tied with the best.\n",
    .run = run,
};
