#include "provider/reply_stream.h"

#include "core/limits.h"
#include "provider/error_body.h"
#include "provider/reply_content.h"
#include "provider/reply_json.h"
#include "provider/sse.h"
#include "provider/usage.h"

#include <string.h>

/* How far the stream has come. */
struct progress {
    bool seen_choice, done;
};

void stream_release(struct stream *s)
{
    strbuf_release(&s->content);
    strbuf_release(&s->reasoning);
    strbuf_release(&s->refusal);
    strbuf_release(&s->finish_reason);
    strbuf_release(&s->model);
    strbuf_release(&s->fingerprint);
    strbuf_release(&s->id);
    json_freep(&s->error);
}

static void stream_init(struct stream *s)
{
    *s = (struct stream){ .draft = REPLY_DRAFT_INIT };
    strbuf_init(&s->content, MAX_RESPONSE_BYTES);
    strbuf_init(&s->reasoning, MAX_RESPONSE_BYTES);
    strbuf_init(&s->refusal, MAX_RESPONSE_BYTES);
    strbuf_init(&s->finish_reason, MAX_RESPONSE_BYTES);
    strbuf_init(&s->model, MAX_RESPONSE_BYTES);
    strbuf_init(&s->fingerprint, MAX_RESPONSE_BYTES);
    strbuf_init(&s->id, MAX_RESPONSE_BYTES);
}

static void replace(struct strbuf *kept, const char *text)
{
    if (!text || !*text)
        return;
    strbuf_clear(kept);
    (void)strbuf_addstr(kept, text);
}

static void keep_first(struct strbuf *kept, const char *text)
{
    if (!kept->len)
        replace(kept, text);
}

static void add_choice(struct stream *s, const cJSON *choice)
{
    const cJSON *delta = json_object(choice, "delta");
    if (!delta)
        delta = json_object(choice, "message");
    replace(&s->finish_reason, json_string(choice, "finish_reason"));
    if (!delta)
        return;

    content_add(&s->content, json_get(delta, "content"));
    (void)strbuf_addstr(&s->reasoning, reasoning_of(delta));
    const char *refusal = json_string(delta, "refusal");
    if (refusal)
        (void)strbuf_addstr(&s->refusal, refusal);
    if (has_tool_call(delta))
        s->draft.tool_call = true;
}

/* The error of the first choice that has one, or NULL. Choices other than the first index are never asked for. */
static const cJSON *add_choices(struct stream *s, const cJSON *choices, struct progress *p)
{
    const cJSON *choice;
    cJSON_ArrayForEach(choice, choices)
    {
        double index;
        if (!cJSON_IsObject(choice) || (json_number(choice, "index", &index) && index > 0))
            continue;
        p->seen_choice = true;
        add_choice(s, choice);
        const cJSON *error = json_get(choice, "error");
        if (error)
            return error;
    }
    return NULL;
}

/* False when the event fails the stream; then s->error holds it. */
static bool add_event(struct stream *s, cJSON *event, struct progress *p)
{
    if (error_body_present(event)) {
        s->error = event;
        return false;
    }
    keep_first(&s->model, json_string(event, "model"));
    keep_first(&s->fingerprint, json_string(event, "system_fingerprint"));
    keep_first(&s->id, json_string(event, "id"));
    const cJSON *usage = json_object(event, "usage");
    if (usage)
        usage_read(usage, &s->draft.usage);

    const cJSON *error = add_choices(s, json_array(event, "choices"), p);
    if (error) {
        s->error = event;
        s->choice_error = error;
        return false;
    }
    cJSON_Delete(event);
    return true;
}

static enum stream_end read_events(struct stream *s, struct sse *events, struct progress *p)
{
    struct sse_event event;
    while (!p->done && sse_next(events, &event)) {
        if (event.data_len >= 6 && memcmp(event.data, "[DONE]", 6) == 0) {
            p->done = true;
            break;
        }
        if (event.data_len == 0)
            continue;
        cJSON *tree = reply_json_parse(event.data, event.data_len, &s->draft.repaired);
        if (!cJSON_IsObject(tree)) {
            cJSON_Delete(tree);
            if (event.cut)
                break; /* the connection ended inside it: whether that matters, the finish_reason decides */
            return STREAM_NOT_JSON;
        }
        if (!add_event(s, tree, p))
            return STREAM_ERROR;
    }
    if (!p->done && !s->finish_reason.len)
        return STREAM_INCOMPLETE;
    return p->seen_choice ? STREAM_WHOLE : STREAM_NO_CHOICES;
}

enum stream_end stream_read(const char *text, size_t len, struct stream *ret_stream)
{
    struct stream *s = ret_stream;
    struct progress p = { false, false };
    struct sse events;

    stream_init(s);
    sse_init(&events, text, len);
    enum stream_end end = read_events(s, &events, &p);
    sse_release(&events);

    s->draft.content = s->content.buf;
    s->draft.reasoning = s->reasoning.buf;
    s->draft.refusal = s->refusal.buf;
    s->draft.finish_reason = s->finish_reason.buf;
    s->draft.model = s->model.buf;
    s->draft.fingerprint = s->fingerprint.buf;
    s->draft.id = s->id.buf;
    return end;
}
