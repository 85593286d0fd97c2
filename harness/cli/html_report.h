/*
 * html_report - a run's page with its sample browser, written as it is made; what the options of `report` say about texts in it.
 */
#ifndef CLI_HTML_REPORT_H
#define CLI_HTML_REPORT_H

#include "cli/common.h"
#include "reports/model.h"

#include <cjson/cJSON.h>

struct html_request {
    const struct options *o;
    const struct run_row *run;
    const char *path; /* NULL or "-" = standard output */
};

/* What the options leave in the model's own list of samples. ERR_INVALID names a word that is none. */
enum err html_report_model_options(const struct options *o, struct model_options *options, struct error *e) MUST_CHECK;
/* Warns when the page is large; ERR_LIMIT beyond 150 MB without --force, and then no file is left. */
enum err html_report_write(struct workspace *w, const struct html_request *request, const cJSON *model, struct error *e) MUST_CHECK;

#endif
