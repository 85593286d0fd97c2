#include "provider/reply_reader.h"

#include "provider/error_body.h"
#include "provider/reply_answer.h"
#include "provider/reply_content.h"
#include "provider/reply_error.h"
#include "provider/reply_facts.h"
#include "provider/reply_json.h"
#include "provider/reply_stream.h"
#include "provider/retry_hint.h"
#include "provider/sse.h"
#include "provider/usage.h"

#include <string.h>

/* What every step needs. */
struct reading {
    const struct provider_target *t;
    const struct http_reply *reply;
    int64_t now_wall_us;
    struct arena *a;
    struct reply_facts *f;
    double estimated_time_s; /* of an error's body; -1 = none */
};

static bool is_2xx(const struct http_reply *reply)
{
    return reply->status >= 200 && reply->status < 300;
}

/* Steps 4, 5, 7: the server says that it failed. `draft` is what had been delivered before (NULL = nothing). */
static void read_error(struct reading *r, const cJSON *root, const cJSON *inside, const struct reply_draft *draft)
{
    static const struct reply_draft nothing = REPLY_DRAFT_INIT;
    struct error_body body;
    error_body_read(r->reply, root, inside, r->t->api_key, r->a, &body);

    if (reply_error_is_filter(r->reply->status, &body)) {
        reply_conclude_blocked(draft ? draft : &nothing, r->a, r->f);
        r->f->message = body.message;
        return;
    }
    reply_error_classify(reply_error_status(r->reply->status, &body), &body, r->f);
    if (r->reply->status >= 400)
        reply_error_override(reply_header_keep(r->a, r->reply, "x-should-retry"), r->f);
    r->estimated_time_s = body.estimated_time_s;
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
    read_error(r, root, NULL, NULL);
    sse_release(&events);
    if (!*r->f->message)
        r->f->message = arena_printf(r->a, "HTTP %d with an empty body", r->reply->status);
}

/* ---- a 2xx -------------------------------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* Steps 6 to 8. The draft borrows from the tree; only a content in parts needs a buffer. */
static void read_choice(struct reading *r, const cJSON *root, const cJSON *choice, bool repaired)
{
    const cJSON *message = json_object(choice, "message");
    const char *content = message ? json_string(message, "content") : NULL;
    CLEANUP(strbuf_release) struct strbuf joined = STRBUF_INIT;
    struct reply_draft draft = REPLY_DRAFT_INIT;

    draft.repaired = repaired;
    draft.model = or_empty(json_string(root, "model"));
    draft.fingerprint = or_empty(json_string(root, "system_fingerprint"));
    draft.id = or_empty(json_string(root, "id"));
    draft.finish_reason = or_empty(json_string(choice, "finish_reason"));
    usage_read(json_object(root, "usage"), &draft.usage);
    if (!content && message)
        content_add(&joined, json_get(message, "content"));
    draft.content = content ? content : joined.buf;
    if (message) {
        draft.reasoning = reasoning_of(message);
        draft.refusal = or_empty(json_string(message, "refusal"));
        draft.tool_call = has_tool_call(message);
    }

    const cJSON *error = json_get(choice, "error");
    if (error) {
        read_error(r, root, error, &draft);
        return;
    }
    reply_conclude(&draft, r->a, r->f);
    if (!message && r->f->class == REPLY_ANSWERED)
        reply_malformed(r->f, "malformed_response", "the first of `choices` has no `message`");
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
    if (error_body_present(root)) {
        read_error(r, root, NULL, NULL);
        return;
    }
    const cJSON *choices = cJSON_IsObject(root) ? json_array(root, "choices") : NULL;
    if (!choices || !cJSON_IsObject(choices->child)) {
        struct error_body body;
        error_body_read(r->reply, root, NULL, r->t->api_key, r->a, &body);
        reply_malformed(r->f, "malformed_response",
                        arena_printf(r->a, "a reply without `choices`%s%s", *body.message ? ": " : "", body.message));
        return;
    }
    read_choice(r, root, choices->child, repaired);
}

static void read_stream(struct reading *r)
{
    CLEANUP(stream_release) struct stream s;

    switch (stream_read(r->reply->body.buf, r->reply->body.len, &s)) {
    case STREAM_WHOLE: reply_conclude(&s.draft, r->a, r->f); break;
    case STREAM_ERROR: read_error(r, s.error, s.choice_error, &s.draft); break;
    case STREAM_INCOMPLETE: reply_malformed(r->f, "incomplete_stream", "the stream ended with neither [DONE] nor a finish_reason"); break;
    case STREAM_NO_CHOICES: reply_malformed(r->f, "malformed_response", "the stream ended without `choices`"); break;
    case STREAM_NOT_JSON: reply_malformed(r->f, "malformed_response", "an event of the stream is not JSON"); break;
    }
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

void reply_read(const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us, struct arena *a,
                struct reply_facts *ret_facts)
{
    struct reading r = { t, reply, now_wall_us, a, ret_facts, -1 };

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

    if (ret_facts->class != REPLY_ANSWERED && ret_facts->class != REPLY_BLOCKED && reply->status)
        ret_facts->hint_us = retry_hint_us(reply, r.estimated_time_s, ret_facts->message, now_wall_us);
}
