#include "sim/sim_dialect.h"

#include <time.h>

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

void sim_dialect_hint(const struct sim_dialect *d, enum retry_form form, double seconds, int64_t wall_us, struct sim_reply *r)
{
    time_t reset = (time_t)((wall_us + (int64_t)(seconds * 1e6) + 999999) / 1000000); /* rounded up, to be true */
    struct tm t;
    if (form != RETRY_X_RATELIMIT || !d->bucket_reset || !gmtime_r(&reset, &t)) {
        sim_error_hint(r, form, seconds, wall_us);
        return;
    }
    sim_reply_header(r, d->bucket_remaining, "0");
    sim_reply_header(r, d->bucket_reset, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
                     t.tm_sec);
}
