/* HTML, style and script: the application is one page for every address; a report is rendered from the run's numbers. */
#include "embed/assets.h"
#include "reports/render.h"
#include "store/reader.h"
#include "view/run_summary.h"
#include "view/view_routes.h"

/* The sample browser is the report's, on another source of data. Later rules win. */
#define SHARED "reports/assets/"
#define OWN "harness/view/app/"
static const char *const styles[] = { SHARED "tokens.css", SHARED "base.css",    SHARED "charts.css",
                                      SHARED "tables.css", SHARED "samples.css", SHARED "browser/browser.css",
                                      OWN "app.css" };
static const char *const scripts[] = { SHARED "theme.js",
                                       SHARED "browser/dom.js",
                                       SHARED "browser/slices.js",
                                       SHARED "browser/source.js",
                                       SHARED "browser/table.js",
                                       SHARED "browser/facets.js",
                                       SHARED "browser/sort.js",
                                       SHARED "browser/query.js",
                                       SHARED "browser/search.js",
                                       SHARED "browser/link.js",
                                       SHARED "browser/cover.js",
                                       SHARED "browser/list.js",
                                       SHARED "browser/filters.js",
                                       SHARED "browser/detail_parts.js",
                                       SHARED "browser/diff.js",
                                       SHARED "browser/answers.js",
                                       SHARED "browser/detail.js",
                                       SHARED "browser/help.js",
                                       SHARED "browser/browser.js",
                                       OWN "api.js",
                                       OWN "text_search.js",
                                       OWN "source_http.js",
                                       OWN "runs.js",
                                       OWN "live.js",
                                       OWN "labels.js",
                                       OWN "app.js" };
/* Of the worker that searches. */
static const char *const worker[] = { SHARED "browser/query.js", OWN "search_worker.js" };
static const char *const page_parts[] = { OWN "head.html", "reports/templates/symbols.html", OWN "body.html" };

static enum err add_asset(const char *name, struct view_reply *r, struct error *e)
{
    struct asset asset = asset_find(name);
    if (!asset.bytes)
        return error_set(e, ERR_UNSUPPORTED, "internal: %s is not in this program", name);
    return strbuf_add(&r->body, asset.bytes, asset.len);
}

static enum err add_assets(const char *const *name, size_t count, const char *type, struct view_reply *r, struct error *e)
{
    enum err rc = OK;
    r->type = type;
    for (size_t i = 0; i < count && rc == OK; i++)
        rc = add_asset(name[i], r, e);
    return rc;
}

static enum err page(struct view_reply *r, struct error *e)
{
    r->policy = POLICY_APP;
    return add_assets(page_parts, ARRAY_LEN(page_parts), "text/html; charset=utf-8", r, e);
}

enum err pages_runs(const struct view_call *c, struct view_reply *r, struct error *e)
{
    (void)c;
    return page(r, e);
}

enum err pages_run(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct run_row run;
    return store_run_find(c->reader->store, c->place.run, &c->reader->arena, &run, e) == OK ? page(r, e) : e->code;
}

enum err pages_style(const struct view_call *c, struct view_reply *r, struct error *e)
{
    (void)c;
    return add_assets(styles, ARRAY_LEN(styles), "text/css; charset=utf-8", r, e);
}

enum err pages_script(const struct view_call *c, struct view_reply *r, struct error *e)
{
    (void)c;
    return add_assets(scripts, ARRAY_LEN(scripts), "text/javascript; charset=utf-8", r, e);
}

enum err pages_search(const struct view_call *c, struct view_reply *r, struct error *e)
{
    (void)c;
    return add_assets(worker, ARRAY_LEN(worker), "text/javascript; charset=utf-8", r, e);
}

/* Browsers ask for one unless a page says otherwise, and would note an error. */
enum err pages_icon(const struct view_call *c, struct view_reply *r, struct error *e)
{
    (void)c;
    (void)e;
    r->status = 204;
    r->type = "image/x-icon";
    return OK;
}

enum err pages_report(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct run_row run;
    struct kept_value kept;
    if (store_run_find(c->reader->store, c->place.run, &c->reader->arena, &run, e) != OK ||
        kept_get(c->view->kept, &run_summary_kind, c->reader->store, run.id, &kept, e) != OK)
        return e->code;
    enum err rc = render_html(kept.value, NULL, &r->body, e);
    kept_give(c->view->kept, &kept);
    r->type = "text/html; charset=utf-8";
    r->policy = POLICY_REPORT;
    return rc;
}
