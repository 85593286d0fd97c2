#include "provider/reply_reader.h"

#include "provider/error_body.h"
#include "provider/reply_answer.h"
#include "provider/reply_error.h"
#include "provider/reply_facts.h"
#include "provider/reply_json.h"
#include "provider/retry_hint.h"
#include "provider/sse.h"

#include <string.h>

/* What every step needs. */
struct reading {
    const struct reply_dialect *dialect;
    const struct provider_target *t;
    const struct http_reply *reply;
    struct arena *a;
    struct reply_facts *f;
    double wish_s; /* to wait, in an error's body; -1 = none */
};

static bool is_2xx(const struct http_reply *reply)
{
    return reply->status >= 200 && reply->status < 300;
}

/* Steps 4, 5, 7: the server says that it failed. `before` is what had been delivered until then (NULL = nothing). */
static void read_error(struct reading *r, const cJSON *root, const struct reply_pieces *before)
{
    struct error_body body;
    error_body_read(r->reply, root, before ? before->error : NULL, r->t->api_key, r->a, &body);

    if (reply_error_is_filter(r->reply->status, &body)) {
        CLEANUP(pieces_release) struct reply_pieces nothing;
        pieces_init(&nothing);
        reply_conclude_blocked(before ? before : &nothing, r->a, r->f);
        r->f->message = body.message;
        return;
    }
    reply_error_classify(reply_error_status(r->reply->status, &body), &body, r->f);
    if (r->reply->status >= 400)
        reply_error_override(reply_header_keep(r->a, r->reply, "x-should-retry"), r->f);
    r->wish_s = body.retry_delay_s >= 0 ? body.retry_delay_s : body.estimated_time_s;
}

static void read_redirect(struct reading *r)
{
    reply_park(r->f, "redirect");
    const char *where = reply_header_keep(r->a, r->reply, "location");
    r->f->message = arena_printf(r->a, "HTTP %d redirects to '%.500s'; requests are never sent on: set base_url to the final address",
                                 r->reply->status, where);
}

/* A non-2xx body: JSON, the first event of a stream that is an error, or plain words. */
static void read_non_2xx(struct reading *r)
{
    if (r->reply->status >= 300 && r->reply->status < 400) {
        read_redirect(r);
        return;
    }
    bool repaired = false;
    const char *text = r->reply->body.buf;
    size_t len = r->reply->body.len;
    CLEANUP(json_freep) cJSON *root = NULL;
    struct sse events;
    struct sse_event event;

    sse_init(&events, text, len);
    if (sse_looks_like(text, len) && sse_next(&events, &event))
        root = reply_json_parse(event.data, event.data_len, &repaired);
    else
        root = reply_json_parse(text, len, &repaired);
    read_error(r, root, NULL);
    sse_release(&events);
    if (!*r->f->message)
        r->f->message =
            arena_printf(r->a, len ? "HTTP %d without a word of why in its body" : "HTTP %d with an empty body", r->reply->status);
}

/* ---- a 2xx -------------------------------------------------------------------------------------------------------- */

static void lacks_answer(struct reading *r, const cJSON *root)
{
    struct error_body body;
    error_body_read(r->reply, root, NULL, r->t->api_key, r->a, &body);
    reply_malformed(r->f, "malformed_response",
                    arena_printf(r->a, "a reply without `%s`%s%s", r->dialect->answer_key, *body.message ? ": " : "", body.message));
}

/* Steps 6 to 8. */
static void read_answer(struct reading *r, const cJSON *root, bool repaired)
{
    CLEANUP(pieces_release) struct reply_pieces p;
    pieces_init(&p);
    p.repaired = repaired;
    if (cJSON_IsObject(root))
        r->dialect->add(&p, root, false);
    if (!p.answers) {
        lacks_answer(r, root);
    } else if (p.error) {
        read_error(r, root, &p);
    } else {
        reply_conclude(&p, r->a, r->f);
        if (p.malformed && r->f->class == REPLY_ANSWERED)
            reply_malformed(r->f, "malformed_response", p.malformed);
    }
}

static void read_document(struct reading *r)
{
    bool repaired = false;
    CLEANUP(json_freep) cJSON *root = reply_json_parse(r->reply->body.buf, r->reply->body.len, &repaired);
    if (!root) {
        struct error_body body;
        error_body_read(r->reply, NULL, NULL, r->t->api_key, r->a, &body);
        reply_malformed(r->f, "malformed_response",
                        arena_printf(r->a, "HTTP %d, but not JSON: %s", r->reply->status, *body.message ? body.message : "an empty body"));
        return;
    }
    if (error_body_present(root))
        read_error(r, root, NULL);
    else
        read_answer(r, root, repaired);
}

/* One event of a stream. False when it ends the reading: the facts are then filled. */
static bool read_event(struct reading *r, struct reply_pieces *p, const struct sse_event *event)
{
    CLEANUP(json_freep) cJSON *tree = reply_json_parse(event->data, event->data_len, &p->repaired);
    if (!cJSON_IsObject(tree)) {
        if (event->cut)
            return true; /* the connection ended inside it: whether that matters, the finish decides */
        reply_malformed(r->f, "malformed_response", "an event of the stream is not JSON");
        return false;
    }
    bool failed = error_body_present(tree);
    if (!failed) {
        r->dialect->add(p, tree, true);
        failed = p->error != NULL;
    }
    if (failed)
        read_error(r, tree, p);
    return !failed;
}

/* A stream counts as whole when its end was announced or a finish was named; an error inside it fails the whole attempt. */
static void read_stream(struct reading *r)
{
    CLEANUP(pieces_release) struct reply_pieces p;
    CLEANUP(sse_release) struct sse events;
    struct sse_event event;

    pieces_init(&p);
    sse_init(&events, r->reply->body.buf, r->reply->body.len);
    while (!p.done && sse_next(&events, &event)) {
        if (event.data_len >= 6 && memcmp(event.data, "[DONE]", 6) == 0)
            p.done = true;
        else if (event.data_len > 0 && !read_event(r, &p, &event))
            return;
    }
    if (!p.done && !p.finish_reason.len)
        reply_malformed(r->f, "incomplete_stream", r->dialect->cut_words);
    else if (!p.answers)
        reply_malformed(r->f, "malformed_response", arena_printf(r->a, "the stream ended without `%s`", r->dialect->answer_key));
    else
        reply_conclude(&p, r->a, r->f);
}

/* Decided by the bytes where they are clear: JSON under a wrong Content-Type is still JSON, and a server may stream
   unasked. */
static bool is_stream(struct reading *r)
{
    const char *text = r->reply->body.buf;
    const char *end = text + r->reply->body.len;
    if (end - text >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    text += strspn(text, " \t\r\n");
    if (*text == '{' || *text == '[' || *text == '<' || *text == '\0')
        return false;
    if (sse_looks_like(text, (size_t)(end - text)))
        return true;
    return strcasestr(reply_header_keep(r->a, r->reply, "content-type"), "text/event-stream") != NULL;
}

/* ---- the list ----------------------------------------------------------------------------------------------------- */

/* A refusal that arrived whole counts although the upload was cut off: nothing of it can be missing when its length is
   the announced one, or when it is one JSON document. */
static bool is_whole_refusal(struct reading *r)
{
    const struct http_reply *reply = r->reply;
    if (reply->status < 300 || reply->fault == HTTP_FAULT_CANCELLED || reply->fault == HTTP_FAULT_TOO_LARGE)
        return false;
    const char *announced = reply_header_keep(r->a, reply, "content-length");
    char *end;
    if (*announced && strtoull(announced, &end, 10) == reply->body.len && !*end)
        return true;
    bool repaired = false;
    CLEANUP(json_freep) cJSON *root = reply_json_parse(reply->body.buf, reply->body.len, &repaired);
    return root != NULL;
}

void reply_read(const struct reply_dialect *dialect, const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us,
                struct arena *a, struct reply_facts *ret_facts)
{
    struct reading r = { dialect, t, reply, a, ret_facts, -1 };

    reply_facts_init(ret_facts);
    ret_facts->provider_echo = reply_header_keep(a, reply, "x-inference-provider");

    if (reply->fault != HTTP_FAULT_NONE && !is_whole_refusal(&r))
        reply_error_fault(reply, a, ret_facts);
    else if (!is_2xx(reply))
        read_non_2xx(&r);
    else if (is_stream(&r))
        read_stream(&r);
    else
        read_document(&r);

    if (!reply_is_data(ret_facts) && reply->status)
        ret_facts->hint_us = retry_hint_us(reply, r.wish_s, ret_facts->message, now_wall_us);
}
