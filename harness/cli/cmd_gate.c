/*
 * gate: may this run be released? The exit code is the verdict.
 */
#include "base/json.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "config/suite_gate.h"
#include "reports/gate.h"

#include <string.h>

static enum err choose_format(const struct options *o, const char **ret_format, struct error *e)
{
    static const char *const known[] = { "text", "json", "markdown", "junit" };
    const char *format = option_given(o, OPT_JSON) ? "json" : option_given(o, OPT_FORMAT) ? option_value(o, OPT_FORMAT) : "text";
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i], format) == 0) {
            *ret_format = known[i];
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "--format: '%.40s' is none of text, json, markdown, junit", format);
}

static enum err read_undecided(const struct options *o, struct gate_policy *policy, struct error *e)
{
    const char *wanted = option_value(o, OPT_INCONCLUSIVE);
    for (int i = 0; wanted && i < GATE_UNDECIDED_COUNT; i++) {
        if (strcmp(wanted, gate_undecided_name[i]) == 0) {
            policy->undecided = (enum gate_undecided)i;
            return OK;
        }
    }
    return wanted ? error_set(e, ERR_INVALID, "--inconclusive: '%.40s' is neither fail nor pass", wanted) : OK;
}

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

/* The policy of the suite that the run keeps, and over it that of --policy and --inconclusive. */
static enum err read_policy(const struct options *o, const struct run_row *run, struct gate_policy *ret, struct error *e)
{
    const char *path = option_value(o, OPT_POLICY);
    if (gate_policy_of_suite(run->suite_json, ret, e) != OK || (path && suite_gate_load(path, ret, e) != OK))
        return e->code;
    return read_undecided(o, ret, e);
}

static enum err build(struct workspace *w, const struct options *o, cJSON **ret_tree, struct error *e)
{
    struct side side[2]; /* candidate, baseline */
    const char *reference[2] = { o->argument[0], NULL };
    struct gate_request q = { .candidate = &side[0],
                              .allowed = { o->option[OPT_ALLOW_MISMATCH].value, o->option[OPT_ALLOW_MISMATCH].count } };
    if (comparability_check_fields(&q.allowed, e) != OK || common_open_store(w, o, STORE_READ, e) != OK ||
        sides_find(w->store, reference, 1, &w->arena, side, e) != OK || read_policy(o, &side[0].run, &q.policy, e) != OK ||
        find_baseline(w, o, &q.policy, &side[0].run, &reference[1], e) != OK)
        return e->code;
    if (reference[1]) {
        if (sides_find(w->store, reference, 2, &w->arena, side, e) != OK)
            return e->code;
        q.baseline = &side[1];
    }
    return gate_build(w->store, &q, ret_tree, e);
}

static enum err render(const cJSON *tree, const char *format, bool to_file, struct strbuf *out, struct error *e)
{
    struct text_style style = terminal_style();
    if (strcmp(format, "json") == 0)
        return render_json(tree, out, e);
    if (strcmp(format, "markdown") == 0)
        return gate_render_markdown(tree, out, e);
    if (strcmp(format, "junit") == 0)
        return gate_render_junit(tree, out, e);
    style.color = style.color && !to_file;
    return gate_render_text(tree, &style, out, e);
}

static enum exit_code judge(struct workspace *w, const struct options *o, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const char *format = "text", *path = option_value(o, OPT_OUTPUT);
    cJSON *tree;
    double code;
    bool to_file = path && strcmp(path, "-") != 0;
    if (choose_format(o, &format, e) != OK || build(w, o, &tree, e) != OK)
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
              "planned with; a --policy FILE has the same keys and goes before them.\n"
              "Exit code: 0 PASS, 1 FAIL, 5 INCONCLUSIVE or NOT_COMPARABLE, 4 INCOMPLETE. --inconclusive fail or pass turns\n"
              "INCONCLUSIVE into 1 or 0. --format: text, json, markdown or junit.\n",
    .run = run,
};
