/*
 * report: a run's tables as HTML, text, JSON, CSV, Markdown or JUnit.
 */
#include "base/log.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/page_documents.h"
#include "cli/report_formats.h"
#include "cli/run_session.h"

#include <string.h>
#include <unistd.h>

static enum err choose_format(const struct options *o, const char **ret_format, struct error *e)
{
    static const char *const known[] = { "html", "text", "json", "csv", "markdown", "junit", "eval-results", "model-index" };
    const char *format = option_given(o, OPT_FORMAT) ? option_value(o, OPT_FORMAT) : option_given(o, OPT_JSON) ? "json" : "html";
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i], format) == 0) {
            *ret_format = known[i];
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "--format: '%.40s' is none of html, text, json, csv, markdown, junit, eval-results, model-index",
                     format);
}

/* A format that has no place for the comparison must not look as if it had made it. */
static enum err check_baseline(const struct options *o, const char *format, struct error *e)
{
    bool has_place = strcmp(format, "html") == 0 || strcmp(format, "markdown") == 0 || strcmp(format, "junit") == 0;
    return option_given(o, OPT_BASELINE) && !has_place
               ? error_set(e, ERR_INVALID,
                           "--baseline belongs to html, markdown and junit; `gauntlet compare` and `gate` have text and json")
               : OK;
}

static enum err check_rows(const struct options *o, const char *format, struct error *e)
{
    bool jsonl = strcmp(format, "json") == 0 && !option_given(o, OPT_JSON); /* --json is one document */
    if (option_given(o, OPT_ROWS) && strcmp(format, "csv") != 0 && !jsonl)
        return error_set(e, ERR_INVALID, "--rows belongs to --format csv and --format json");
    if (option_given(o, OPT_WITH_BODIES) && !option_given(o, OPT_ROWS))
        return error_set(e, ERR_INVALID, "--with-bodies belongs to --rows: nothing else has texts");
    return OK;
}

static enum exit_code write_report(struct workspace *w, const struct options *o, const char *format, struct error *e)
{
    struct run_row run;
    const char *path = option_value(o, OPT_OUTPUT);
    const char *name = o->argument_count ? o->argument[0] : NULL;
    if (!name && !option_given(o, OPT_SUITE)) {
        (void)error_set(e, ERR_INVALID, "which run? Name one (`last` is the newest), or a suite with --suite");
        return common_fail(e);
    }
    if (!name && page_documents_newest(w, o, &name, e) != OK)
        return common_fail(e);
    if (store_run_find(w->store, name, &w->arena, &run, e) != OK)
        return common_fail(e);
    if (!path && strcmp(format, "html") == 0 && isatty(STDOUT_FILENO))
        path = arena_printf(&w->arena, "report-%s.html", run.id); /* a page in a terminal helps nobody */
    if (run_session_report(w, o, run.id, format, path, e) != OK)
        return common_fail(e);
    if (path && strcmp(path, "-") != 0)
        log_line(LOG_INFO, "wrote %s", path);
    return EXIT_OK;
}

/* More than one run are sides of one table. */
static enum exit_code rank(struct workspace *w, const struct options *o, const char *format, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    bool chosen = option_given(o, OPT_FORMAT) || option_given(o, OPT_JSON);
    if (o->argument_count == 0) {
        (void)error_set(e, ERR_INVALID, "--leaderboard: of which runs?");
        return common_fail(e);
    }
    if (report_leaderboard(w, o, chosen ? format : NULL, &out, e) != OK || output_text(option_value(o, OPT_OUTPUT), &out, e) != OK)
        return common_fail(e);
    return EXIT_OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    const char *format = "html";
    struct workspace w = WORKSPACE_INIT;
    bool ranked = o->argument_count > 1 || option_given(o, OPT_LEADERBOARD);
    enum exit_code code = EXIT_OK;
    if (choose_format(o, &format, &e) != OK || check_rows(o, format, &e) != OK || check_baseline(o, format, &e) != OK ||
        common_open_store(&w, o, STORE_READ, &e) != OK)
        code = common_fail(&e);
    else
        code = ranked ? rank(&w, o, format, &e) : write_report(&w, o, format, &e);
    common_close(&w);
    return code;
}

const struct command cmd_report = {
    .name = "report",
    .arguments = "[RUN...]",
    .min_arguments = 0,
    .max_arguments = -1,
    .options = OPTION_LIST(OPT_FORMAT, OPT_LEADERBOARD, OPT_OUTPUT, OPT_CSV_RAW, OPT_ROWS, OPT_WITH_BODIES, OPT_ERRORS_AS, OPT_ENDPOINT,
                           OPT_DATASET, OPT_TASK, OPT_EMBED, OPT_SPLIT, OPT_REDACT, OPT_BLUR, OPT_TITLE, OPT_BASELINE, OPT_POLICY,
                           OPT_ALLOW_MISMATCH, OPT_SUITE, OPT_LAST, OPT_FORCE, OPT_ASSETS),
    .help = "a run's tables as one HTML file, text, JSON, CSV, Markdown or JUnit",
    .manual =
        "RUN is an id, a unique prefix of one, a name, `last`, `last~1` or baseline:NAME. Without -o the report goes to\n"
        "stdout; an HTML report to a terminal goes to report-RUN.html instead. A run that is going on or was interrupted\n"
        "is reported as far as it got, with what is pending.\n"
        "\n"
        "Several runs, or --leaderboard with one of several endpoints, are ranked: attack success, over-refusal, latency, cost.\n"
        "Ranks are groups that chance may explain; only runs that measured the same are ranked, the others are listed with the\n"
        "reason. As text (the default), json, markdown, csv, or html, a page of its own. A page of one run with several endpoints\n"
        "has the same table.\n"
        "\n"
        "markdown is a comment for a pull request, junit a file for a CI server. Neither has texts of samples or answers.\n"
        "--errors-as counts trials that failed or have no verdict as complied or refused: a what-if, marked as one everywhere.\n"
        "csv has a row for every cell of every table, with --rows one for every trial: the long form that pandas and R read, with\n"
        "its texts only when --with-bodies says so.\n"
        "eval-results is a file for .eval_results/ of a model's repository on the Hub, model-index the part of its model card. They\n"
        "are about one endpoint (-e) and a data set of the Hub (--dataset, else where it was pulled from). Nothing is pushed.\n"
        "\n"
        "--baseline RUN or RUN:ENDPOINT (of several endpoints each is held against its namesake in RUN) adds the comparison to the page "
        "(`gauntlet compare`), and the gate's verdict with the numbers\n"
        "that decided (`gauntlet gate`; its rules are the suite's, and over them those of --policy). --suite NAME or --last N adds the "
        "trend: the suite's newest nights on control charts\n"
        "(`gauntlet trend`). With --suite, RUN may be left out: it is then the suite's newest.\n"
        "\n"
        "The page has the numbers of every trial. Texts and images are there for those worth reading (--embed focus): complied,\n"
        "partial, unscored and failed ones, and 200 random refused ones of each endpoint; for all; or for none. They stay hidden\n"
        "until they are asked for, refused answers excepted (--blur harmful). Hiding protects nobody: --redact leaves them out.\n"
        "Categories in `redact_categories` are left out whatever the options say. Beyond 25 MB no more thumbnails are added;\n"
        "a page beyond 150 MB needs --force. With --split the texts go into NAME_files beside NAME.html (-o), for runs whose page would be "
        "too\n"
        "large: both are needed then, and the page may load scripts from its own folder. Chunks of an earlier report are removed.\n",

    .run = run,
};
