/*
 * render - the model as text, JSON, CSV, Markdown, JUnit and HTML.
 *
 * Everything that came from outside is made safe here (base/text_safe), whatever it was before.
 */
#ifndef REPORTS_RENDER_H
#define REPORTS_RENDER_H

#include "base/err.h"
#include "base/strbuf.h"
#include "reports/page_out.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

struct text_style {
    bool color, unicode;
    bool verbose; /* with what is known of each system under test */
    int columns;  /* width; 0 = 100 */
};

/* The per-category table of design.md section 4, one block per endpoint, with the identity line. */
enum err render_text(const cJSON *model, const struct text_style *style, struct strbuf *out, struct error *e) MUST_CHECK;
/* One JSON document (pretty), ending in a newline. */
enum err render_json(const cJSON *model, struct strbuf *out, struct error *e) MUST_CHECK;
/* One row per endpoint × table × cell. raw = no formula guard. */
enum err render_csv(const cJSON *model, bool raw, struct strbuf *out, struct error *e) MUST_CHECK;
/* A pull request's comment: headline and worst categories of each endpoint, under 60 kB, no texts of samples or answers. */
enum err render_markdown(const cJSON *model, struct strbuf *out, struct error *e) MUST_CHECK;
/* JUnit: a suite per endpoint and category; trials without a verdict are errors or skipped (needs model_options.unsettled). */
enum err render_junit(const cJSON *model, struct strbuf *out, struct error *e) MUST_CHECK;
/* What the page holds besides its sections: data blocks for its script, written as they are made. */
typedef enum err page_data_fn(struct page_out *out, void *context, struct error *e);
struct html_options {
    const char *assets_dir; /* NULL = the embedded templates; else read from there (design time) */
    const char *title;      /* NULL = made from verdict and run */
    page_data_fn *data;     /* NULL = no sample browser, only the first samples */
    void *data_context;
    bool split; /* the page loads scripts that stand beside it */
};
/* One self-contained page. */
enum err render_page(const cJSON *model, const struct html_options *options, struct page_out *out, struct error *e) MUST_CHECK;
/* The same without data, into memory. */
enum err render_html(const cJSON *model, const char *assets_dir, struct strbuf *out, struct error *e) MUST_CHECK;
/* The tree of leaderboard.h as a page of its own, without data. */
enum err render_leaderboard_html(const cJSON *tree, const struct html_options *options, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
