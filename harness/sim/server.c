#include "sim/server.h"

#include "core/limits.h"

#include <string.h>

static struct exchange *begin(struct sim *s, struct MHD_Connection *connection, const char *url, const char *method)
{
    struct exchange *x = xcalloc(1, sizeof(*x));
    x->sim = s;
    x->connection = connection;
    x->dialect = &sim_openai;
    x->method = xstrdup(method);
    x->path = xstrdup(url);
    x->reply = (struct sim_reply)SIM_REPLY_INIT;
    x->log_end = -1;
    strbuf_init(&x->body, MAX_SIM_BODY_BYTES);

    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    x->too_large = length && strtoull(length, NULL, 10) > MAX_SIM_BODY_BYTES;
    const char *trace = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Amzn-Trace-Id");
    x->entry = (struct sim_log_entry){ .method = x->method, .path = x->path };
    if (trace)
        x->entry.trace_id = arena_strndup(&x->arena, trace, strnlen(trace, MAX_ID_BYTES));
    return x;
}

/* The log line must stand before the first byte of an answer leaves. A log that cannot be written would make every later
   comparison wrong in silence, so the request fails aloud. */
static void write_log(struct exchange *x)
{
    if (x->logged)
        return;
    x->logged = true;
    x->entry.body_bytes = x->body.len;
    x->entry.status = x->reply.status;
    if (sim_log_add(x->sim->log, &x->entry))
        return;
    sim_reply_release(&x->reply);
    x->reply = (struct sim_reply)SIM_REPLY_INIT;
    routes_fail(x, 500, "sim_error", "log_failed", NULL, "the simulator cannot write its request log");
}

static enum MHD_Result decide(struct exchange *x)
{
    x->decided = true;
    routes_answer(x);
    write_log(x);
    strbuf_release(&x->body); /* megabytes; nobody reads it again */
    strbuf_init(&x->body, 0);
    if (x->reply.delay_us > 0 && delays_sleep(x->sim->delays, x->connection, x->reply.delay_us, -1, NULL))
        return MHD_YES; /* MHD calls again when it wakes */
    return deliver(x);
}

enum MHD_Result server_handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                              const char *upload_data, size_t *upload_data_size, void **exchange)
{
    (void)version;
    struct exchange *x = *exchange;
    if (!x) {
        *exchange = x = begin(cls, connection, url, method);
        return x->too_large ? decide(x) : MHD_YES; /* 413 before the body, as gateways do */
    }
    if (*upload_data_size > 0) {
        x->too_large = x->too_large || strbuf_add(&x->body, upload_data, *upload_data_size) != OK;
        *upload_data_size = 0;
        return MHD_YES;
    }
    return x->decided ? deliver(x) : decide(x);
}

void server_completed(void *cls, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode how)
{
    (void)cls;
    (void)connection;
    (void)how;
    struct exchange *x = *exchange;
    if (!x)
        return;
    if (!x->decided) { /* the client left in the middle of its body: seen, never answered */
        x->reply.status = 0;
        x->entry.fault = "client_gone";
        write_log(x);
    }
    free(x->method);
    free(x->path);
    strbuf_release(&x->body);
    sim_reply_release(&x->reply);
    arena_release(&x->arena);
    free(x);
    *exchange = NULL;
}
