/*
 * page_exports - the other formats inside the page, for its download buttons: the very bytes that the program prints.
 *
 * Each is a gzip block "export-json", "export-csv", "export-markdown", "export-junit" (gzip_block.h), rendered from the page's
 * model without what only the page has: samples with texts, and documents of other verbs. A gate that was judged stays in Markdown and
 * JUnit, which have a place for it, as `report --baseline` writes them.
 */
#ifndef REPORTS_PAGE_EXPORTS_H
#define REPORTS_PAGE_EXPORTS_H

#include "reports/page_out.h"

#include <cjson/cJSON.h>

/* JUnit needs a model with model_options.unsettled; it is left out of the JSON, which does not have it. */
enum err page_exports_write(const cJSON *model, struct page_out *out, struct error *e) MUST_CHECK;

#endif
