#include "view/view_routes.h"

#include "store/reader.h"

#include <string.h>

static const struct route {
    const char *method, *path;
    view_answer_fn *answer;
} routes[] = {
    { "GET", "/", pages_runs },
    { "GET", "/runs/{run}", pages_run },
    { "GET", "/runs/{run}/report", pages_report },
    { "GET", "/assets/view.css", pages_style },
    { "GET", "/assets/view.js", pages_script },
    { "GET", "/assets/search.js", pages_search },
    { "GET", "/favicon.ico", pages_icon },
    { "GET", "/api/session", run_api_session },
    { "GET", "/api/runs", run_api_list },
    { "GET", "/api/runs/{run}/status", run_api_status },
    { "GET", "/api/runs/{run}/summary", run_api_summary },
    { "GET", "/api/runs/{run}/rows", rows_api_page },
    { "GET", "/api/runs/{run}/texts", texts_api_page },
    { "GET", "/api/runs/{run}/browser/meta", browser_api_meta },
    { "GET", "/api/runs/{run}/browser/columns", browser_api_columns },
    { "GET", "/api/runs/{run}/browser/names", browser_api_names },
    { "GET", "/api/runs/{run}/labels", label_api_list },
    { "GET", "/api/trials/{trial}", trial_api_detail },
    { "GET", "/api/trials/{trial}/body", browser_api_body },
    { "GET", "/api/trials/{trial}/images/{position}", trial_api_image },
    { "POST", "/api/trials/{trial}/label", label_api_set },
    { "POST", "/api/labels/undo", label_api_undo },
};

static void call(struct view *v, const struct route *route, struct view_call *c, struct view_reply *r)
{
    struct error e;
    enum err rc = readers_take(v->readers, &c->reader, &e);
    if (rc == OK) {
        rc = route->answer(c, r, &e);
        readers_give(v->readers, c->reader);
    }
    if (rc != OK)
        view_reply_fail(r, &e);
}

void view_routes_answer(struct view *v, const struct view_request *q, struct view_reply *r)
{
    struct view_call c = { .view = v, .request = q };
    const char *allowed = NULL;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (!view_path_matches(routes[i].path, q->path, &c.place))
            continue;
        if (strcmp(routes[i].method, q->method) == 0) {
            call(v, &routes[i], &c, r);
            return;
        }
        allowed = strcmp(routes[i].method, "GET") == 0 ? "GET, HEAD" : routes[i].method;
    }
    view_reply_error(r, allowed ? 405 : 404, allowed ? "this method is not allowed here" : "there is nothing at this path");
    r->allow = allowed;
}

enum err view_redact_of(const struct view_call *c, const char *run_id, struct redact_list *ret_list, struct error *e)
{
    struct run_row run;
    const struct view_redact *own = &c->view->options.redact;
    if (store_run_find(c->reader->store, run_id, &c->reader->arena, &run, e) != OK)
        return e->code;
    *ret_list = redact_of_run(run.config_json, &own->list, own->given, &c->reader->arena);
    return OK;
}
