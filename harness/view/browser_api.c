/*
 * GET /api/runs/{run}/browser/meta, …/columns, …/names and /api/trials/{trial}/body: what the report's sample browser reads from the
 * blocks of its page (reports/browser.h), of every trial, and single bodies instead of chunks.
 */
#include "base/json.h"
#include "reports/browser_bodies.h"
#include "reports/browser_meta.h"
#include "view/view_routes.h"

#include <stdlib.h>
#include <string.h>

/* Columns index the names that meta lists, so all of them must be of the same rows: as_of says which. */
static bool asks_for_older(const struct view_call *c, int64_t number)
{
    for (size_t i = 0; i < c->request->argument_count; i++) {
        const struct view_argument *x = &c->request->argument[i];
        if (strcmp(x->name, "as_of") == 0 && strtoll(x->value, NULL, 10) != number)
            return true;
    }
    return false;
}

/* The rows of the place's run; give them back. */
static enum err take_rows(const struct view_call *c, struct kept_value *ret_kept, struct error *e)
{
    struct run_row run;
    enum err rc = store_run_find(c->reader->store, c->place.run, &c->reader->arena, &run, e);
    return rc == OK ? kept_get(c->view->kept, &run_rows_kind, c->reader->store, run.id, ret_kept, e) : rc;
}

enum err browser_api_meta(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct kept_value kept;
    enum err rc = take_rows(c, &kept, e);
    if (rc != OK)
        return rc;
    const struct run_rows *rows = kept.value;
    r->behind = kept.behind;
    struct browser_options options = { .embed = BROWSER_EMBED_ALL, .blur = BROWSER_BLUR_HARMFUL };
    cJSON *document = browser_meta(&rows->rows, &options, &rows->size);
    (void)cJSON_AddNumberToObject(document, "as_of", (double)kept.number);
    kept_give(c->view->kept, &kept);
    view_reply_json(r, document);
    return OK;
}

typedef enum err write_fn(const struct browser_rows *rows, page_write_fn *write, void *context, struct error *e);

static enum err write_rows(const struct view_call *c, write_fn *write, const char *type, struct view_reply *r, struct error *e)
{
    struct kept_value kept;
    enum err rc = take_rows(c, &kept, e);
    if (rc != OK)
        return rc;
    r->type = type;
    if (asks_for_older(c, kept.number))
        view_reply_error(r, 409, "the run has gone on: ask for meta again");
    else
        rc = write(&((const struct run_rows *)kept.value)->rows, page_write_strbuf, &r->body, e);
    kept_give(c->view->kept, &kept);
    return rc;
}

enum err browser_api_columns(const struct view_call *c, struct view_reply *r, struct error *e)
{
    return write_rows(c, browser_columns, "application/octet-stream", r, e);
}

enum err browser_api_names(const struct view_call *c, struct view_reply *r, struct error *e)
{
    return write_rows(c, browser_names, "application/json", r, e);
}

/* What the baseline answered to it, when this run is held against one and both may be shown. */
static enum err find_base(const struct view_call *c, const struct trial_detail *t, struct trial_detail *base, bool *ret_has,
                          struct error *e)
{
    const struct view_rules *rules = &c->view->rules;
    struct kept_value kept;
    *ret_has = false;
    if (!rules->base[0] || strcmp(t->run_id, rules->run) != 0)
        return OK;
    enum err rc = kept_get(c->view->kept, &run_rows_kind, c->reader->store, t->run_id, &kept, e);
    if (rc != OK)
        return rc;
    const struct browser_trial *row = run_rows_find(kept.value, t->trial_id);
    int64_t id = row ? row->base_id : 0;
    kept_give(c->view->kept, &kept);
    *ret_has = id != 0;
    return id ? store_trial_detail(c->reader->store, id, &c->reader->arena, base, e) : OK;
}

enum err browser_api_body(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct trial_detail t, base;
    struct redact_list list;
    bool has_base;
    if (store_trial_detail(c->reader->store, c->place.trial, &c->reader->arena, &t, e) != OK || view_redact_of(c, t.run_id, &list, e) != OK)
        return e->code;
    if (redact_matches(&list, t.category, t.subcategory)) {
        view_reply_error(r, 403, "texts of this category are withheld (redact_categories)");
        return OK;
    }
    if (find_base(c, &t, &base, &has_base, e) != OK)
        return e->code;
    enum browser_thumb *thumb = arena_array(&c->reader->arena, t.image_count + 1, sizeof(*thumb));
    for (size_t i = 0; i < t.image_count; i++)
        thumb[i] = t.image[i].sha256 ? THUMB_HERE : THUMB_UNKNOWN;
    (void)strbuf_addstr(&r->body, "{\"schema_version\":1,\"sample\":");
    browser_sample_body(&t, thumb, &r->body);
    (void)strbuf_addstr(&r->body, ",\"trial\":");
    browser_trial_body(&t, has_base ? &base : NULL, &r->body);
    (void)strbuf_addstr(&r->body, "}\n");
    return OK;
}
