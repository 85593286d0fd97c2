#include "cli/calibrate_file.h"

#include "base/log.h"
#include "base/text_safe.h"
#include "cli/calibrate_view.h"
#include "cli/output.h"
#include "cli/run_session.h"
#include "cli/scorer_spec.h"
#include "cli/stop.h"
#include "cli/terminal.h"
#include "engine/judge_file.h"
#include "engine/judge_models.h"
#include "net/http.h"
#include "reports/judge_quality.h"
#include "reports/model_judges.h"

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

static void print_data(const struct options *o, const struct calibrate_rows *r, struct arena *a, cJSON *document)
{
    struct calibration all = calibration_of(r->row, r->count);
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

/* ---- Judges ---- */

static enum stop_level ask_stop(void *context)
{
    (void)context;
    return stop_level();
}

static void tell(enum log_level level, const char *kind, const char *message, void *context)
{
    (void)kind;
    (void)context;
    log_line(level, "%s", message);
}

static enum exit_code exit_code_of(const struct run_result *result)
{
    if (result->why[0])
        log_line(result->status == RUN_COMPLETE ? LOG_INFO : LOG_ERROR, "%s", result->why);
    if (result->unreachable)
        return EXIT_UNREACHABLE;
    return result->status == RUN_COMPLETE ? EXIT_OK : result->status == RUN_CANCELLED ? stop_exit_code() : EXIT_INCOMPLETE;
}

/* A budget cannot hold for a judge whose price is not known. */
static enum err check_prices(const struct workspace *w, const struct scorer *scorer, struct error *e)
{
    for (size_t i = 0; i < scorer->judge_count; i++) {
        const struct endpoint_config *judge = settings_endpoint(&w->settings, scorer->judge[i]);
        if (judge && run_session_check_price(judge, e) != OK)
            return e->code;
    }
    return OK;
}

static enum err print_judged(struct workspace *w, const struct options *o, const struct calibrate_source *source, const struct suite *suite,
                             const struct scorer *scorer, enum exit_code *ret_code, struct error *e)
{
    struct run_options run = { .settings = &w->settings, .clock = &clock_real, .stop = ask_stop, .notice = tell };
    struct judge_file file = { 0 };
    struct calibrate_rows rows;
    if (run_session_budget(o, &run.budget_usd, e) != OK || (run.budget_usd >= 0 && check_prices(w, scorer, e) != OK) ||
        http_global_init(e) != OK)
        return e->code;
    stop_catch_signals();
    cJSON *document = output_document();
    enum err rc = judge_file_open(source, suite, &run, &w->arena, &file, e);
    if (rc == OK) {
        struct calibrate_source judged = *source;
        judged.judged = file.verdict;
        judged.judged_count = file.count;
        *ret_code = exit_code_of(&file.result);
        rc = calibrate_data_read(&judged, &w->arena, &rows, e);
    }
    if (rc == OK)
        rc = model_add_judges(file.scratch.store, file.run_id, &w->arena, document, e);
    if (rc == OK && *ret_code != EXIT_UNREACHABLE)
        print_data(o, &rows, &w->arena, document);
    else
        cJSON_Delete(document);
    judge_file_close(&file);
    http_global_cleanup();
    return rc;
}

/* ---- The whole ---- */

static enum err print_scored(struct workspace *w, const struct options *o, struct calibrate_source *source, enum exit_code *ret_code,
                             struct error *e)
{
    struct suite suite = { 0 };
    struct scorer *scorer = NULL;
    struct calibrate_rows rows;
    if (scorer_spec_suite(o, &w->arena, &suite, e) != OK)
        return e->code;
    if (suite.scorer_count > 1) {
        suite_release(&suite);
        return error_set(e, ERR_INVALID, "--data wants one --scorer; calibrate one after the other");
    }
    struct scorer_setting setting = judge_models(&w->settings, NULL, &w->arena);
    enum err rc = scorer_new(suite.scorer[0].kind, suite.scorer[0].options, &setting, &scorer, e);
    if (rc == OK && scorer->rubric) {
        rc = print_judged(w, o, source, &suite, scorer, ret_code, e);
    } else if (rc == OK) {
        source->scorer = scorer;
        rc = calibrate_data_read(source, &w->arena, &rows, e);
        if (rc == OK)
            print_data(o, &rows, &w->arena, output_document());
    }
    scorer_free(scorer);
    suite_release(&suite);
    return rc;
}

enum err calibrate_file_print(struct workspace *w, const struct options *o, enum exit_code *ret_code, struct error *e)
{
    struct calibrate_source source = { .path = option_value(o, OPT_DATA),
                                       .label = option_value(o, OPT_LABEL),
                                       .verdict = option_value(o, OPT_VERDICT),
                                       .positive = { o->option[OPT_POSITIVE].value, o->option[OPT_POSITIVE].count },
                                       .negative = { o->option[OPT_NEGATIVE].value, o->option[OPT_NEGATIVE].count },
                                       .intent = option_value(o, OPT_INTENT),
                                       .answer = option_value(o, OPT_ANSWER),
                                       .group = option_value(o, OPT_GROUP) };
    struct calibrate_rows rows;
    bool scored = option_given(o, OPT_SCORER);
    *ret_code = EXIT_OK;
    if (!source.label)
        return error_set(e, ERR_INVALID, "--data wants --label: the column with the human label");
    if (scored == (source.verdict != NULL))
        return error_set(e, ERR_INVALID, "--data wants either --verdict COLUMN or --scorer SPEC");
    if (source.negative.count > 0 && source.positive.count == 0)
        return error_set(e, ERR_INVALID, "--negative wants --positive beside it");
    if (scored)
        return print_scored(w, o, &source, ret_code, e);
    if (calibrate_data_read(&source, &w->arena, &rows, e) != OK)
        return e->code;
    print_data(o, &rows, &w->arena, output_document());
    return OK;
}
