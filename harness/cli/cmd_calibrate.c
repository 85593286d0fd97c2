/*
 * calibrate: how a scorer's verdicts agree with people's, and what the rates are once its errors are taken out.
 */
#include "cli/calibrate_run.h"
#include "cli/calibrate_view.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "cli/scorer_spec.h"
#include "cli/terminal.h"

#include "base/text_safe.h"
#include "engine/calibrate_data.h"
#include "engine/judge_models.h"
#include "reports/judge_quality.h"

#include <string.h>

enum { INVALID_SHOWN = 20 };

/* ---- An outside file ---- */

/* The rows of one group, or all of them. */
static struct calibration calibration_of_group(const struct calibrate_rows *r, uint32_t group, struct arena *a)
{
    struct calibration_row *row = arena_array(a, r->count, sizeof(*row));
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->group[i] == group)
            row[count++] = r->row[i];
    }
    return calibration_of(row, count);
}

static void print_data(const struct options *o, const struct calibrate_rows *r, struct arena *a)
{
    struct calibration all = calibration_of(r->row, r->count);
    cJSON *document = output_document();
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    quality_add_agreement(&all, document);
    calibrate_view_agreement(document, &text);
    (void)cJSON_AddNumberToObject(document, "invalid", (double)r->invalid_count);
    cJSON *rows = cJSON_AddArrayToObject(document, "invalid_rows");
    if (r->invalid_count > 0)
        (void)strbuf_addf(&text, "\n%zu rows are left out, their label or verdict being neither positive nor negative:\n",
                          r->invalid_count);
    for (size_t i = 0; i < r->invalid_count && i < INVALID_SHOWN; i++) {
        CLEANUP(strbuf_release) struct strbuf why = STRBUF_INIT;
        text_safe_terminal(r->invalid[i].why, strlen(r->invalid[i].why), 0, true, &why);
        (void)strbuf_addf(&text, "  line %lld: %s\n", (long long)r->invalid[i].line, why.buf);
        cJSON *row = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(row, "line", (double)r->invalid[i].line);
        (void)cJSON_AddStringToObject(row, "why", why.buf);
        cJSON_AddItemToArray(rows, row);
    }
    cJSON *groups = cJSON_AddArrayToObject(document, "groups");
    if (r->group_count > 0)
        (void)strbuf_addch(&text, '\n');
    for (size_t i = 0; i < r->group_count; i++) {
        struct calibration c = calibration_of_group(r, (uint32_t)i, a);
        cJSON *group = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(group, "key", r->group_name[i]);
        quality_add_agreement(&c, group);
        cJSON_AddItemToArray(groups, group);
        calibrate_view_group(group, &text);
    }
    if (option_given(o, OPT_JSON)) {
        output_json(document);
        return;
    }
    cJSON_Delete(document);
    terminal_write(text.buf, text.len);
}

static enum err make_scorer(struct workspace *w, const struct options *o, struct scorer **ret_s, struct error *e)
{
    struct suite suite = { 0 };
    if (scorer_spec_suite(o, &w->arena, &suite, e) != OK)
        return e->code;
    struct scorer_setting setting = judge_models(&w->settings, NULL, &w->arena);
    enum err rc = scorer_new(suite.scorer[0].kind, suite.scorer[0].options, &setting, ret_s, e);
    suite_release(&suite);
    if (rc == OK && (*ret_s)->rubric) {
        scorer_free(*ret_s);
        *ret_s = NULL;
        return error_set(e, ERR_UNSUPPORTED,
                         "--data scores with rules; a judge is calibrated on a run: `gauntlet label export`, label, import, then "
                         "`gauntlet calibrate RUN`");
    }
    return rc;
}

static enum err calibrate_data(struct workspace *w, const struct options *o, struct error *e)
{
    struct calibrate_source source = { .path = option_value(o, OPT_DATA),
                                       .label = option_value(o, OPT_LABEL),
                                       .verdict = option_value(o, OPT_VERDICT),
                                       .positive = option_value(o, OPT_POSITIVE),
                                       .negative = option_value(o, OPT_NEGATIVE),
                                       .intent = option_value(o, OPT_INTENT),
                                       .answer = option_value(o, OPT_ANSWER),
                                       .group = option_value(o, OPT_GROUP) };
    bool scored = option_given(o, OPT_SCORER);
    if (!source.label)
        return error_set(e, ERR_INVALID, "--data wants --label: the column with the human label");
    if (scored == (source.verdict != NULL))
        return error_set(e, ERR_INVALID, "--data wants either --verdict COLUMN or --scorer SPEC");
    if (source.negative && !source.positive)
        return error_set(e, ERR_INVALID, "--negative wants --positive beside it");
    struct scorer *scorer = NULL;
    if (scored && make_scorer(w, o, &scorer, e) != OK)
        return e->code;
    source.scorer = scorer;
    struct calibrate_rows rows;
    enum err rc = calibrate_data_read(&source, &w->arena, &rows, e);
    scorer_free(scorer);
    if (rc == OK)
        print_data(o, &rows, &w->arena);
    return rc;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum err rc;
    bool data = option_given(o, OPT_DATA);
    if (data == (o->argument_count > 0))
        rc = error_set(&e, ERR_INVALID, "calibrate wants a RUN or --data FILE");
    else if (data)
        rc = common_load_settings(&w, o, true, &e) == OK ? calibrate_data(&w, o, &e) : e.code;
    else
        rc = calibrate_run_print(&w, o, &e);
    enum exit_code code = rc == OK ? EXIT_OK : rc == ERR_NO_MATCH ? EXIT_NO_VERDICT : common_fail(&e);
    if (rc == ERR_NO_MATCH)
        (void)common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_calibrate = {
    .name = "calibrate",
    .arguments = "[RUN]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_DATA, OPT_SCORER, OPT_VERDICT, OPT_LABEL, OPT_POSITIVE, OPT_NEGATIVE, OPT_INTENT, OPT_ANSWER, OPT_GROUP),
    .help = "how a scorer's verdicts agree with people's",
    .manual = "Of a RUN: its human labels (`gauntlet label import`) against its primary scorer, or the one that --scorer names; the\n"
              "confusion matrix first, then accuracy, precision, recall, F1, kappa and AC1, sensitivity and specificity with\n"
              "intervals over intents, per category, attack and endpoint, and each endpoint's rate with the judge's errors taken out.\n"
              "A run without labels is held against those of other runs that had the same scorer.\n"
              "With --data FILE: an outside file (CSV, JSONL, JSON). --label names the column with the human label, --verdict that\n"
              "with the judge's, or --scorer a rule that scores the answers now. A value that is neither positive nor negative makes\n"
              "its row invalid: it is counted and listed, never guessed.\n",
    .run = run,
};
