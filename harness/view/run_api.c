/* GET /api/session, /api/runs, and of one run: how far it is and what its numbers are. */
#include "base/json_member.h"
#include "reports/model.h"
#include "reports/status_model.h"
#include "store/reader.h"
#include "view/run_summary.h"
#include "view/view_routes.h"

#include <string.h>

enum { MAX_RUNS_LISTED = 500 };

enum err run_api_session(const struct view_call *c, struct view_reply *r, struct error *e)
{
    (void)e;
    cJSON *document = cJSON_CreateObject();
    json_member_int(document, "schema_version", true, 1);
    json_member_text(document, "labeller", label_desk_labeller(c->view->desk));
    json_member_text(document, "request_token", c->view->keys.request_token);
    json_member_int(document, "undoable", true, (int64_t)label_desk_undoable(c->view->desk));
    view_reply_json(r, document);
    return OK;
}

enum err run_api_list(const struct view_call *c, struct view_reply *r, struct error *e)
{
    int pid = 0;
    char holder[64] = "";
    struct run_row *run;
    size_t count;
    bool live = store_lock_holder(c->view->options.store_path, &pid, holder);
    if (store_run_list(c->reader->store, MAX_RUNS_LISTED, &c->reader->arena, &run, &count, e) != OK)
        return e->code;
    cJSON *document = cJSON_CreateObject();
    json_member_int(document, "schema_version", true, 1);
    cJSON *list = cJSON_AddArrayToObject(document, "runs");
    for (size_t i = 0; i < count; i++) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddItemToArray(list, json);
        json_member_text(json, "id", run[i].id);
        json_member_word(json, "name", run[i].name);
        json_member_word(json, "suite", run[i].suite_name);
        json_member_text(json, "status", run_status_name(run[i].status));
        json_member_time(json, "started_at", run[i].started_at);
        json_member_time(json, "finished_at", run[i].finished_at);
        (void)cJSON_AddBoolToObject(json, "live", live && strcmp(holder, run[i].id) == 0);
    }
    view_reply_json(r, document);
    return OK;
}

enum err run_api_status(const struct view_call *c, struct view_reply *r, struct error *e)
{
    cJSON *document;
    enum err rc = status_build(c->reader->store, c->place.run, &document, e);
    if (rc == OK)
        view_reply_json(r, document);
    return rc;
}

/* ---- the summary, kept ---- */

static enum err summary_make(struct store *s, const char *run_id, const void *context, void **ret_value, struct error *e)
{
    (void)context; /* there is no text in it */
    struct model_options options = { .samples = 0 };
    cJSON *model;
    enum err rc = model_build(s, run_id, &options, &model, e);
    if (rc == OK)
        *ret_value = model;
    return rc;
}

static void summary_free(void *value)
{
    cJSON_Delete(value);
}

const struct kept_kind run_summary_kind = { summary_make, summary_free };

enum err run_api_summary(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct run_row run;
    struct kept_value kept;
    if (store_run_find(c->reader->store, c->place.run, &c->reader->arena, &run, e) != OK ||
        kept_get(c->view->kept, &run_summary_kind, c->reader->store, run.id, &kept, e) != OK)
        return e->code;
    r->behind = kept.behind;
    view_reply_tree(r, kept.value);
    kept_give(c->view->kept, &kept);
    return OK;
}
