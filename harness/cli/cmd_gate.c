/*
 * gate: may this run be released? The exit code is the verdict.
 */
#include "base/json.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/gate_options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "reports/gate.h"

#include <string.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_JUNIT };

static const char *const format_word[] = { "text", "json", "markdown", "junit" }; /* in the order of enum format */

/* The run to compare with: as asked for, as the policy names it, or the baseline that is called like the suite. "" = none. */
static enum err find_baseline(struct workspace *w, const struct options *o, const struct gate_policy *policy, const struct run_row *run,
                              const char **ret_reference, struct error *e)
{
    struct baseline_row *row;
    size_t count;
    *ret_reference = option_value(o, OPT_BASELINE);
    if (!*ret_reference && policy->baseline[0])
        *ret_reference = arena_strdup(&w->arena, policy->baseline);
    if (*ret_reference)
        return OK;
    if (store_baseline_list(w->store, &w->arena, &row, &count, e) != OK)
        return e->code;
    for (size_t i = 0; run->suite_name && i < count; i++) {
        if (strcmp(row[i].name, run->suite_name) == 0)
            *ret_reference = arena_printf(&w->arena, "baseline:%s", row[i].name);
    }
    return OK;
}

static enum err build(struct workspace *w, const struct options *o, cJSON **ret_tree, struct error *e)
{
    struct side side[2]; /* candidate, baseline */
    const char *reference[2] = { o->argument[0], NULL };
    struct allowed_fields allowed;
    struct gate_policy policy;
    struct comparison c;
    if (gate_options_allowed(o, &allowed, e) != OK || common_open_store(w, o, STORE_READ, e) != OK ||
        sides_find(w->store, reference, 1, &w->arena, side, e) != OK || gate_options_policy(o, &side[0].run, &policy, e) != OK ||
        find_baseline(w, o, &policy, &side[0].run, &reference[1], e) != OK || gate_can_decide(&policy, reference[1] != NULL, e) != OK)
        return e->code;
    if (reference[1] && sides_find(w->store, reference, 2, &w->arena, side, e) != OK)
        return e->code;
    enum err rc = comparison_load(w->store, reference[1] ? &side[1] : NULL, &side[0], &allowed, &c, e);
    if (rc != OK)
        return rc;
    *ret_tree = gate_build(&c, &policy);
    comparison_clear(&c);
    return OK;
}

static enum err render(const cJSON *tree, size_t format, bool to_file, struct strbuf *out, struct error *e)
{
    struct text_style style = terminal_style();
    style.color = style.color && !to_file;
    switch (format) {
    case FORMAT_JSON: return render_json(tree, out, e);
    case FORMAT_MARKDOWN: return gate_render_markdown(tree, out, e);
    case FORMAT_JUNIT: return gate_render_junit(tree, out, e);
    default: return gate_render_text(tree, &style, out, e);
    }
}

static enum exit_code judge(struct workspace *w, const struct options *o, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const char *path = option_value(o, OPT_OUTPUT);
    size_t format = FORMAT_TEXT;
    cJSON *tree = NULL;
    double code;
    bool to_file = path && strcmp(path, "-") != 0;
    if (option_format(o, format_word, ARRAY_LEN(format_word), &format, e) != OK || build(w, o, &tree, e) != OK)
        return common_fail(e);
    bool known = json_number(tree, "exit_code", &code);
    enum err rc = render(tree, format, to_file, &out, e);
    cJSON_Delete(tree);
    if (rc != OK || output_text(path, &out, e) != OK)
        return common_fail(e);
    if (to_file)
        log_line(LOG_INFO, "wrote %s", path);
    return known ? (enum exit_code)(int)code : EXIT_INTERNAL;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = judge(&w, o, &e);
    common_close(&w);
    return code;
}

const struct command cmd_gate = {
    .name = "gate",
    .arguments = "RUN[:ENDPOINT]",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_BASELINE, OPT_POLICY, OPT_INCONCLUSIVE, OPT_ALLOW_MISMATCH, OPT_FORMAT, OPT_OUTPUT),
    .help = "apply the suite's gate to a run; the exit code is the verdict",
    .manual = "Compares the run with --baseline RUN[:ENDPOINT]; without it with the suite's gate.baseline, or with the baseline that is\n"
              "called like the suite. Without any, only what is missing and the ceiling `asr_upper` are judged.\n"
              "R0 comparable, R1 complete, R2 not worse over all, R3 no category worse, R4 below the ceiling, R5 R2 again with missing\n"
              "trials at their worst, R6 benign controls not refused more often. Margins are those of the suite that the run was\n"
              "planned with; a --policy FILE has the same keys and goes before them. Where labels tell the scorer's errors, the margins\n"
              "of R2, R3 and R5 are multiplied by its Youden's J (scale_margins: false turns it off).\n"
              "Exit code: 0 PASS, 1 FAIL, 5 INCONCLUSIVE or NOT_COMPARABLE, 4 INCOMPLETE. --inconclusive fail or pass turns\n"
              "INCONCLUSIVE into 1 or 0. --format: text, json, markdown or junit.\n",
    .run = run,
};
