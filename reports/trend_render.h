/*
 * trend_render - the tree of model_trend.h as text, CSV and Markdown.
 *
 * Everything that came from outside is made safe here.
 */
#ifndef REPORTS_TREND_RENDER_H
#define REPORTS_TREND_RENDER_H

#include "reports/render.h"

/* Eras, one line a night, what it means, alarms, samples that break, probes. */
enum err trend_render_text(const cJSON *model, const struct text_style *style, struct strbuf *out, struct error *e) MUST_CHECK;
/* One row for each endpoint, metric, category and night. raw = no formula guard. */
enum err trend_render_csv(const cJSON *model, bool raw, struct strbuf *out, struct error *e) MUST_CHECK;
/* A few lines for a summary of CI: the finding, a table of the newest nights, open alarms. */
enum err trend_render_markdown(const cJSON *model, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
