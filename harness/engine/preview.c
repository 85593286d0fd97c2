/*
 * preview - the requests of a run as they would be sent, without sending anything.
 */
#include "engine/engine.h"

#include "engine/recipe.h"
#include "engine/request.h"
#include "store/reader.h"

#include <string.h>

/* One more reason than a run has: the text of a withheld category is printed nowhere. */
static void show_trial(struct trial *t, const struct request_style *style, struct image_source *images, const struct redact_list *redact,
                       void (*each)(const struct preview *p, void *context), void *context)
{
    CLEANUP(strbuf_release) struct strbuf body = STRBUF_INIT;
    struct preview p = { .endpoint = t->lane->config->name, .sample = t->pending->sample.id };
    if (request_prepare(t, style, images)) {
        p.url = t->request.url;
        p.withheld = redact_matches(redact, t->pending->sample.category, t->pending->sample.subcategory);
        if (!p.withheld)
            http_request_elided(&t->request, &body);
        p.body = p.withheld ? NULL : body.buf;
    } else {
        p.problem = t->explanation;
    }
    each(&p, context);
}

static enum err show_lane(struct store *s, const struct endpoint_config *config, const struct endpoint_row *row,
                          const struct request_style *style, struct image_source *images, const struct redact_list *redact, size_t max,
                          void (*each)(const struct preview *p, void *context), void *context, struct error *e)
{
    struct lane lane;
    if (lane_init(&lane, config, row, NULL, 1, e) != OK)
        return e->code;
    struct trial_page *page = xcalloc(1, sizeof(*page));
    atomic_store(&page->references, 1);
    enum err rc = store_pending_page(s, row, 0, max, &page->arena, &page->pending, &page->count, e);
    for (size_t i = 0; rc == OK && i < page->count; i++) {
        struct trial *t = trial_new(&lane, page, &page->pending[i]);
        show_trial(t, style, images, redact, each, context);
        trial_free(t);
    }
    trial_page_release(page);
    return rc;
}

enum err engine_preview(struct store *s, const char *run_id, const struct settings *settings, size_t max,
                        void (*each)(const struct preview *p, void *context), void *context, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct run_row run;
    struct recipe recipe = { 0 };
    struct dataset_row dataset;
    struct endpoint_row *row = NULL;
    size_t count = 0;

    enum err rc = store_run_find(s, run_id, &a, &run, e);
    if (rc == OK)
        rc = recipe_read(run.options_json, &recipe, e);
    if (rc == OK)
        rc = store_dataset_get(s, run.dataset_id, &a, &dataset, e);
    if (rc == OK)
        rc = store_endpoint_list(s, run.id, &a, &row, &count, e);
    struct image_source *images = rc == OK ? image_source_new(dataset.root) : NULL;
    for (size_t i = 0; rc == OK && i < count; i++) {
        struct request_style style = { .system = recipe.system, .text_first = recipe.text_first };
        const struct endpoint_config *config = settings_endpoint(settings, row[i].name);
        if (config)
            rc = show_lane(s, config, &row[i], &style, images, &settings->redact, max, each, context, e);
    }
    image_source_free(images);
    recipe_release(&recipe);
    arena_release(&a);
    return rc;
}
