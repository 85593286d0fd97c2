/*
 * report_formats - a run in the format that --format names: all of them but the page (html_report.h).
 */
#ifndef CLI_REPORT_FORMATS_H
#define CLI_REPORT_FORMATS_H

#include "cli/common.h"
#include "reports/cells.h"

#include <cjson/cJSON.h>

/* Appends the model in `format`; to_file = without colours. */
enum err report_format(const cJSON *model, const char *format, const struct options *o, bool to_file, struct strbuf *out,
                       struct error *e) MUST_CHECK;
/* --rows: from the store itself, one row a trial; CSV, or an object a line. */
enum err report_rows(struct workspace *w, const struct options *o, const struct run_row *run, bool jsonl, struct strbuf *out,
                     struct error *e) MUST_CHECK;
/* --errors-as; `ret_as` is untouched when it was not given. */
enum err report_errors_as(const struct options *o, enum errors_as *ret_as, struct error *e) MUST_CHECK;
/* Several runs, or --leaderboard: all their endpoints, ranked, as text, json, markdown, csv or html; `format` NULL = text. */
enum err report_leaderboard(struct workspace *w, const struct options *o, const char *format, struct strbuf *out,
                            struct error *e) MUST_CHECK;

#endif
