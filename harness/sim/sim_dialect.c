#include "sim/sim_dialect.h"

static void write_filter(const struct completion *c, bool stream, const char *message, struct sim_reply *r)
{
    (void)c;
    (void)stream;
    sim_error_write_filter(r, message);
}

const struct sim_dialect sim_openai = {
    .id_head = "chatcmpl-",
    .text_marker = "\"content\":\"",
    .error_event = "",
    .parse = sim_request_parse,
    .write = completion_write,
    .write_events = completion_write_events,
    .write_filter = write_filter,
};

void sim_dialect_error(const struct sim_dialect *d, const struct sim_error_facts *f, bool as_asked, struct sim_reply *r)
{
    bool page = f->shape == SHAPE_TEXT || f->shape == SHAPE_HTML || f->shape == SHAPE_EMPTY; /* of a gateway before the server */
    if (!d->write_error || page || as_asked) {
        sim_error_write(r, f);
        return;
    }
    r->content_type = "application/json";
    d->write_error(f, r->status, &r->body);
}
