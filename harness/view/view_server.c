#include "view/view_server.h"

#include "core/limits.h"
#include "view/view_routes.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>

enum { IDLE_SECONDS = 30, MAX_CONNECTIONS = 64, CONNECTION_BYTES = 32 * 1024 };

struct exchange {
    struct view *view;
    struct MHD_Connection *connection;
    struct arena arena;
    const char *method, *path;
    struct strbuf body;
    bool too_large;
};

/* ---- what is asked ---- */

static const char *header_of(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result count_hosts(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    (void)value;
    *(int *)cls += strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
    return MHD_YES;
}

static enum admission admit(struct exchange *x)
{
    const struct admission_keys *keys = &x->view->keys;
    bool get = strcmp(x->method, "GET") == 0;
    struct admission_request r = {
        .host = header_of(x, MHD_HTTP_HEADER_HOST),
        .origin = header_of(x, MHD_HTTP_HEADER_ORIGIN),
        .fetch_site = header_of(x, "Sec-Fetch-Site"),
        .request_token = header_of(x, "X-Gauntlet-Token"),
        .cookie = MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, keys->cookie_name),
        .url_token = MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, "t"),
        .entrance = get && strcmp(x->path, "/") == 0,
        .changes = !get,
    };
    (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_hosts, &r.host_count);
    return admission_decide(keys, &r);
}

struct collecting {
    struct arena *arena;
    struct view_argument *argument;
    size_t count;
    bool too_many;
};

static enum MHD_Result collect(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    struct collecting *c = cls;
    if (c->count == MAX_VIEW_ARGUMENTS) {
        c->too_many = true;
        return MHD_NO;
    }
    c->argument[c->count++] = (struct view_argument){ name, value ? value : "" };
    return MHD_YES;
}

/* Not a 303: who follows a link of another site to here would be sent on without the SameSite cookie that comes with it. A page of
   ours that goes on by itself takes it along. */
static void exchange_token(const struct exchange *x, struct view_reply *r)
{
    const char *run = x->view->run_id;
    r->type = "text/html; charset=utf-8";
    r->policy = POLICY_APP;
    r->gives_cookie = true;
    (void)strbuf_addf(&r->body,
                      "<!doctype html><html lang=\"en\"><title>gauntlet view</title><meta http-equiv=\"refresh\" content=\"0;url=%s%s\">"
                      "<p><a href=\"%s%s\">On to the pages</a></p></html>\n",
                      run[0] ? "/runs/" : "/", run, run[0] ? "/runs/" : "/", run);
}

static void answer(struct exchange *x, struct view_reply *r)
{
    struct collecting c = { .arena = &x->arena, .argument = arena_array(&x->arena, MAX_VIEW_ARGUMENTS, sizeof(*c.argument)) };
    enum admission a = admit(x);
    if (a != ADMIT && a != ADMIT_EXCHANGE) {
        view_reply_error(r, 403, admission_reason(a));
        return;
    }
    if (a == ADMIT_EXCHANGE) {
        exchange_token(x, r);
        return;
    }
    (void)MHD_get_connection_values(x->connection, MHD_GET_ARGUMENT_KIND, collect, &c);
    if (x->too_large || c.too_many || strlen(x->path) > MAX_VIEW_PATH_BYTES) {
        view_reply_error(r, x->too_large ? 413 : 414, "this is longer than any request here can be");
        return;
    }
    struct view_request q = { .method = x->method,
                              .path = x->path,
                              .argument = c.argument,
                              .argument_count = c.count,
                              .body = x->body.buf,
                              .body_len = x->body.len };
    view_routes_answer(x->view, &q, r);
}

/* ---- what is sent ---- */

/* A report brings its own policy, with the hashes of what it holds; here only what a <meta> cannot say. */
static const char *const policies[] = {
    [POLICY_NOTHING] = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    [POLICY_APP] = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; "
                    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"),
    [POLICY_REPORT] = "frame-ancestors 'none'",
};

static void add_headers(const struct exchange *x, const struct view_reply *r, struct MHD_Response *response)
{
    const char *const header[][2] = {
        { "Content-Type", r->type },
        { "Content-Security-Policy", policies[r->policy] },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
        { "Referrer-Policy", "no-referrer" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "X-Frame-Options", "DENY" },
        { "Allow", r->allow },
        { "Gauntlet-Behind", r->behind ? "yes" : NULL },
        { "Content-Disposition", r->image.bytes ? "inline; filename=\"image\"" : NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(header); i++) {
        if (header[i][1])
            (void)MHD_add_response_header(response, header[i][0], header[i][1]);
    }
    if (r->gives_cookie) {
        char cookie[192];
        (void)snprintf(cookie, sizeof(cookie), "%s=%s; Path=/; HttpOnly; SameSite=Strict", x->view->keys.cookie_name, x->view->keys.cookie);
        (void)MHD_add_response_header(response, "Set-Cookie", cookie);
    }
}

static enum MHD_Result send_reply(struct exchange *x, struct view_reply *r)
{
    struct MHD_Response *response;
    if (r->image.bytes) {
        response = MHD_create_response_from_buffer(r->image.len, (void *)(uintptr_t)r->image.bytes, MHD_RESPMEM_MUST_COPY);
    } else {
        size_t len;
        char *bytes = strbuf_detach(&r->body, &len);
        response = MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
    }
    if (!response)
        return MHD_NO;
    add_headers(x, r, response);
    enum MHD_Result result = MHD_queue_response(x->connection, (unsigned)r->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- microhttpd's callbacks ---- */

static struct exchange *begin(struct view *v, struct MHD_Connection *connection, const char *url, const char *method)
{
    struct exchange *x = xcalloc(1, sizeof(*x));
    x->view = v;
    x->connection = connection;
    x->method = arena_strdup(&x->arena, strcmp(method, "HEAD") == 0 ? "GET" : method);
    x->path = arena_strdup(&x->arena, url);
    strbuf_init(&x->body, MAX_VIEW_BODY_BYTES);
    return x;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                              const char *upload_data, size_t *upload_data_size, void **exchange)
{
    (void)version;
    struct exchange *x = *exchange;
    if (!x) {
        *exchange = begin(cls, connection, url, method);
        return MHD_YES;
    }
    if (*upload_data_size > 0) { /* what is too large is read to its end and forgotten: only then can the peer hear of it */
        x->too_large = x->too_large || strbuf_add(&x->body, upload_data, *upload_data_size) != OK;
        *upload_data_size = 0;
        return MHD_YES;
    }
    struct view_reply r;
    view_reply_init(&r);
    answer(x, &r);
    enum MHD_Result result = send_reply(x, &r);
    view_reply_release(&r);
    return result;
}

static void completed(void *cls, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode how)
{
    (void)cls;
    (void)connection;
    (void)how;
    struct exchange *x = *exchange;
    if (!x)
        return;
    strbuf_release(&x->body);
    arena_release(&x->arena);
    free(x);
    *exchange = NULL;
}

enum err view_server_start(struct view *v, int fd, struct error *e)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_ITC;
    v->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, v, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
                                 (unsigned)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                                 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
                                 MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    return v->daemon ? OK : error_os(e, errno, "cannot start the HTTP server");
}

void view_server_stop(struct view *v)
{
    if (v->daemon)
        MHD_stop_daemon(v->daemon);
}
