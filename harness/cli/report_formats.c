#include "cli/report_formats.h"

#include "base/json.h"
#include "cli/terminal.h"
#include "reports/leaderboard.h"
#include "reports/render.h"
#include "reports/render_publish.h"
#include "reports/rows_export.h"

#include <string.h>

enum err report_errors_as(const struct options *o, enum errors_as *ret_as, struct error *e)
{
    const char *word = option_value(o, OPT_ERRORS_AS);
    for (enum errors_as as = ERRORS_MISSING; word && as <= ERRORS_REFUSED; as++) {
        if (strcmp(errors_as_name(as), word) == 0) {
            *ret_as = as;
            return OK;
        }
    }
    return word ? error_set(e, ERR_INVALID, "--errors-as: '%.40s' is none of missing, complied, refused", word) : OK;
}

static enum err publish(const cJSON *model, const char *format, const struct options *o, struct strbuf *out, struct error *e)
{
    struct publish_options options = { .endpoint = option_value(o, OPT_ENDPOINT),
                                       .dataset = option_value(o, OPT_DATASET),
                                       .task = option_value(o, OPT_TASK) };
    return strcmp(format, "eval-results") == 0 ? render_eval_results(model, &options, out, e) : render_model_index(model, &options, out, e);
}

enum err report_format(const cJSON *model, const char *format, const struct options *o, bool to_file, struct strbuf *out, struct error *e)
{
    if (strcmp(format, "json") == 0)
        return render_json(model, out, e);
    if (strcmp(format, "csv") == 0)
        return render_csv(model, option_given(o, OPT_CSV_RAW), out, e);
    if (strcmp(format, "markdown") == 0)
        return render_markdown(model, out, e);
    if (strcmp(format, "junit") == 0)
        return render_junit(model, out, e);
    if (strcmp(format, "eval-results") == 0 || strcmp(format, "model-index") == 0)
        return publish(model, format, o, out, e);
    struct text_style style = terminal_style();
    style.verbose = option_given(o, OPT_VERBOSE);
    style.color = style.color && !to_file;
    return render_text(model, &style, out, e);
}

enum err report_rows(struct workspace *w, const struct options *o, const struct run_row *run, bool jsonl, struct strbuf *out,
                     struct error *e)
{
    struct rows_export_options options = {
        .jsonl = jsonl, .raw = option_given(o, OPT_CSV_RAW), .bodies = option_given(o, OPT_WITH_BODIES), .redact = common_redact(w, run)
    };
    if (option_given(o, OPT_ERRORS_AS))
        return error_set(e, ERR_INVALID, "--rows has the trials as they are: --errors-as has no place there");
    return rows_export(w->store, run, &options, out, e);
}

enum err report_leaderboard(struct workspace *w, const struct options *o, const char *format, struct strbuf *out, struct error *e)
{
    static const char *const known[] = { "text", "json", "markdown", "csv", "html" };
    CLEANUP(json_freep) cJSON *tree = NULL;
    bool found = !format;
    for (size_t i = 0; format && i < ARRAY_LEN(known); i++)
        found = found || strcmp(known[i], format) == 0;
    if (!found)
        return error_set(e, ERR_INVALID, "several runs are ranked as text, json, markdown, csv or html, not as %.40s", format);
    if (leaderboard_build(w->store, o->argument, o->argument_count, &tree, e) != OK)
        return e->code;
    if (format && strcmp(format, "json") == 0)
        return render_json(tree, out, e);
    if (format && strcmp(format, "csv") == 0)
        return leaderboard_csv(tree, option_given(o, OPT_CSV_RAW), out, e);
    if (format && strcmp(format, "markdown") == 0)
        return leaderboard_markdown(tree, out, e);
    if (format && strcmp(format, "html") == 0) {
        const struct html_options html = { .assets_dir = option_value(o, OPT_ASSETS), .title = option_value(o, OPT_TITLE) };
        return render_leaderboard_html(tree, &html, out, e);
    }
    struct text_style style = terminal_style();
    return leaderboard_text(tree, &style, out, e);
}
