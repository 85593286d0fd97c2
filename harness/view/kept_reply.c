#include "view/kept_reply.h"

#include "base/json_member.h"
#include "store/reader.h"

enum err kept_reply(const struct view_call *c, kept_reply_fill *fill, const void *query, struct view_reply *r, struct error *e)
{
    struct run_row run;
    struct kept_value kept;
    if (store_run_find(c->reader->store, c->place.run, &c->reader->arena, &run, e) != OK ||
        kept_get(c->view->kept, &run_rows_kind, c->reader->store, run.id, &kept, e) != OK)
        return e->code;
    cJSON *document = cJSON_CreateObject();
    json_member_int(document, "schema_version", true, 1);
    json_member_text(document, "run", run.id);
    enum err rc = store_begin_reading(c->reader->store, e); /* one trial after the other is asked for */
    if (rc == OK)
        rc = fill(c, &kept, query, r, document, e);
    store_rollback(c->reader->store);
    kept_give(c->view->kept, &kept);
    if (rc == OK)
        view_reply_json(r, document);
    else
        cJSON_Delete(document);
    return rc;
}
