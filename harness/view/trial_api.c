/* GET /api/trials/{trial} and its images. */
#include "base/json_member.h"
#include "base/sha256.h"
#include "dataset/image.h"
#include "reports/trial_model.h"
#include "store/trial_lookup.h"
#include "view/label_json.h"
#include "view/run_rows.h"
#include "view/view_routes.h"

#include <string.h>

enum { MAX_SIBLINGS = 50 };

/* ---- those beside it ---- */

static void add_sibling(const struct run_rows *rows, const struct browser_trial *t, cJSON *list)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddItemToArray(list, json);
    json_member_int(json, "trial", true, t->id);
    json_member_text(json, "sample", run_rows_sample(rows, t)->key);
    json_member_text(json, "endpoint", run_rows_text(rows, t, FACET_ENDPOINT));
    json_member_int(json, "epoch", true, t->epoch);
    json_member_word(json, "attack", run_rows_text(rows, t, FACET_ATTACK));
    json_member_text(json, "verdict", run_rows_text(rows, t, FACET_VERDICT));
}

/* `same_sample`: its other epochs and endpoints; `same_intent`: other samples of the intent at the same endpoint. */
static void add_siblings(const struct run_rows *rows, const struct browser_trial *t, cJSON *document)
{
    cJSON *sample = cJSON_AddArrayToObject(document, "same_sample"), *intent = cJSON_AddArrayToObject(document, "same_intent");
    int samples = 0, intents = 0;
    for (size_t i = 0; i < rows->rows.trial_count; i++) {
        const struct browser_trial *other = &rows->rows.trial[i];
        if (other == t)
            continue;
        if (other->sample == t->sample && samples < MAX_SIBLINGS) {
            add_sibling(rows, other, sample);
            samples++;
        } else if (other->sample != t->sample && other->endpoint == t->endpoint &&
                   run_rows_number(rows, other, FACET_INTENT) == run_rows_number(rows, t, FACET_INTENT) && intents < MAX_SIBLINGS) {
            add_sibling(rows, other, intent);
            intents++;
        }
    }
}

/* ---- the trial ---- */

enum err trial_api_detail(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct trial_detail t;
    struct redact_list list;
    struct kept_value kept;
    struct reader *reader = c->reader;
    if (store_trial_detail(reader->store, c->place.trial, &reader->arena, &t, e) != OK || view_redact_of(c, t.run_id, &list, e) != OK ||
        kept_get(c->view->kept, &run_rows_kind, reader->store, t.run_id, &kept, e) != OK)
        return e->code;
    bool withheld = redact_matches(&list, t.category, t.subcategory), can_label;
    cJSON *document = cJSON_CreateObject(), *trial = trial_model(&t);
    if (withheld)
        trial_model_withhold(trial);
    json_member_int(document, "schema_version", true, 1);
    cJSON_AddItemToObject(document, "trial", trial);
    (void)cJSON_AddBoolToObject(document, "withheld", withheld);
    const struct browser_trial *row = run_rows_find(kept.value, t.trial_id);
    if (row)
        add_siblings(kept.value, row, document);
    kept_give(c->view->kept, &kept);
    if (label_allowed(c, &t, &can_label, e) != OK || label_json_add(reader, t.trial_id, document, e) != OK) {
        cJSON_Delete(document);
        return e->code;
    }
    (void)cJSON_AddBoolToObject(document, "can_label", can_label);
    view_reply_json(r, document);
    return OK;
}

/* ---- its images ---- */

/* What a browser draws and nothing else: an SVG or a page in a data set's file is never served. */
static bool may_be_shown(const char *mime)
{
    static const char *const known[] = { "image/png", "image/jpeg", "image/gif", "image/webp" };
    for (size_t i = 0; mime && i < ARRAY_LEN(known); i++) {
        if (strcmp(mime, known[i]) == 0)
            return true;
    }
    return false;
}

enum err trial_api_image(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct stored_image image;
    struct redact_list list;
    struct image_source *images;
    if (store_trial_image(c->reader->store, c->place.trial, c->place.position, &c->reader->arena, &image, e) != OK ||
        view_redact_of(c, image.run_id, &list, e) != OK)
        return e->code;
    if (redact_matches(&list, image.category, image.subcategory)) {
        view_reply_error(r, 403, "images of this category are withheld (redact_categories)");
        return OK;
    }
    if (!image.root)
        return error_set(e, ERR_NOT_FOUND, "the store does not know where the data set lies");
    if (reader_images(c->reader, image.root, &images, e) != OK || image_source_read(images, image.name, &r->image, e) != OK)
        return e->code;
    struct sha256_hex sha = sha256_of(r->image.bytes, r->image.len);
    const char *mime = image_probe(r->image.bytes, r->image.len).mime;
    if (image.sha256 && strcmp(image.sha256, sha.text) != 0)
        view_reply_error(r, 409, "this is not the file that the run read: its SHA-256 is another");
    else if (!may_be_shown(mime))
        view_reply_error(r, 415, "this is no PNG, JPEG, GIF or WebP image");
    else
        r->type = mime;
    return OK;
}
