/*
 * render_compare - the tree of compare.h as a terminal table and as Markdown (design.md section 4).
 */
#ifndef REPORTS_RENDER_COMPARE_H
#define REPORTS_RENDER_COMPARE_H

#include "reports/render.h"

enum err render_compare_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e) MUST_CHECK;
enum err render_compare_markdown(const cJSON *tree, struct strbuf *out, struct error *e) MUST_CHECK;
/* The field-by-field table alone, both values; for whoever refuses to compare. */
void render_mismatches_text(const cJSON *mismatches, const struct text_style *style, struct strbuf *out);

#endif
