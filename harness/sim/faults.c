#include "sim/faults.h"

#include "core/limits.h"
#include "sim/answers.h"
#include "sim/sim_dialect.h"

#include <stdio.h>
#include <string.h>

static const char think_text[] = "The picture is read from top to bottom before anything is said.";
static const char filter_message[] = "The response was filtered due to the prompt triggering the content management policy.";

/* 2026-01-01T00:00:00Z and something from the request: a plausible time that is the same in every run. */
#define CREATED_BASE 1767225600

static const char *fault_message(const struct profile_fault *f)
{
    return f->message ? f->message : f->kind.message;
}

/* ---- replies without an answer ---- */

static void write_error(const struct fault_context *c, const struct sim_error_facts *f, struct sim_reply *r)
{
    const struct profile_fault *fault = c->choice->fault;
    sim_dialect_error(c->request->dialect, f, fault->shape != fault->kind.shape, r);
}

static void compose_status(const struct fault_context *c, struct sim_reply *r)
{
    const struct profile_fault *f = c->choice->fault;
    CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
    r->status = f->kind.status;
    (void)strbuf_addstr(&message, fault_message(f));
    if (f->retry_after == RETRY_MESSAGE)
        (void)strbuf_addf(&message, " Please try again in %.15gs.", f->seconds);
    struct sim_error_facts facts = {
        .shape = f->shape,
        .type = f->kind.type,
        .code = f->kind.code,
        .message = message.buf,
        .retry_s = f->retry_after == RETRY_MESSAGE ? f->seconds : 0,
        .estimated_s = f->kind.status == 503 ? f->seconds : -1.0,
    };
    write_error(c, &facts, r);
    sim_dialect_hint(c->request->dialect, f->retry_after, f->seconds, c->wall_us, r);
    if (f->kind.status < 400)
        sim_reply_header(r, "Location", "%s", f->location);
}

/* In a stream the error comes after the first words, as an event; a stream has no status of its own left to fail with. */
static void compose_error_200(const struct fault_context *c, const struct completion *answer, struct sim_reply *r)
{
    const struct profile_fault *f = c->choice->fault;
    struct sim_error_facts facts = {
        .shape = f->shape, .type = f->kind.type, .code = f->kind.code, .message = fault_message(f), .estimated_s = -1.0
    };
    if (!c->request->stream) {
        write_error(c, &facts, r);
        return;
    }
    CLEANUP(strbuf_release) struct strbuf whole = STRBUF_INIT;
    struct sim_reply error = SIM_REPLY_INIT;
    const struct sim_dialect *d = c->request->dialect;
    d->write_events(answer, false, &whole);
    write_error(c, &facts, &error);
    const char *second = strstr(whole.buf, "\n\n");
    second = second ? strstr(second + 2, "\n\n") : NULL;
    (void)strbuf_add(&r->body, whole.buf, second ? (size_t)(second + 2 - whole.buf) : 0);
    (void)strbuf_addf(&r->body, "%sdata: %s\n\n", d->error_event, error.body.buf);
    r->content_type = "text/event-stream; charset=utf-8";
    r->framing = FRAMING_CHUNKED;
    r->events = true;
    sim_reply_release(&error);
}

/* ---- the answer and its shapes ---- */

/* Shortens to at most `len` bytes without splitting a character. */
static void cut_text(struct strbuf *text, size_t len)
{
    while (len > 0 && len < text->len && ((unsigned char)text->buf[len] & 0xC0) == 0x80)
        len--;
    strbuf_truncate(text, len);
}

/* max_tokens is kept: four bytes are a token. */
static void limit_tokens(const struct fault_context *c, struct strbuf *text, struct completion *answer)
{
    int64_t tokens = (int64_t)((text->len + 3) / 4);
    if (c->request->max_tokens >= 0 && tokens > c->request->max_tokens) {
        cut_text(text, (size_t)c->request->max_tokens * 4);
        tokens = c->request->max_tokens;
        answer->finish = "length";
    }
    answer->completion_tokens = tokens;
}

static void write_text(const struct fault_context *c, struct strbuf *out)
{
    const struct choice *choice = c->choice;
    const char *fixed = c->verdict ? c->verdict : profile_answer(c->profile, choice->rule, choice->outcome);
    if (fixed)
        (void)strbuf_addstr(out, fixed);
    else
        answers_write(choice->outcome, c->codeword, choice->variant, out);
}

static void drop_content(struct completion *answer)
{
    answer->content = NULL;
    answer->content_len = 0;
}

/* Wraps the text in a thought; an open one swallows the answer for good. */
static void add_think(struct strbuf *text, bool open)
{
    CLEANUP(strbuf_release) struct strbuf old = STRBUF_INIT;
    (void)strbuf_add(&old, text->buf, text->len);
    strbuf_clear(text);
    (void)strbuf_addf(text, open ? "<think>\n%s " : "<think>\n%s\n</think>\n\n", think_text);
    (void)strbuf_add(text, old.buf, old.len);
}

/* Changes of the text itself, before its tokens are counted. */
static void shape_text(enum fault_id id, struct strbuf *text)
{
    switch (id) {
    case FAULT_THINK: add_think(text, false); break;
    case FAULT_THINK_OPEN: add_think(text, true); break;
    case FAULT_FILTER_FINISH: strbuf_clear(text); break;
    case FAULT_FILTER_CUT: cut_text(text, text->len / 2); break;
    case FAULT_FINISH_LENGTH: (void)strbuf_addstr(text, " What follows from this is that the"); break;
    default: break;
    }
}

/* Changes of what stands around the text. */
static void shape_answer(const struct profile_fault *f, struct completion *answer)
{
    switch (f->kind.id) {
    case FAULT_FILTER_FINISH:
    case FAULT_FILTER_CUT: answer->finish = "content_filter"; break;
    case FAULT_CHOICE_ERROR:
        answer->finish = "error";
        answer->error = fault_message(f);
        drop_content(answer);
        break;
    case FAULT_EMPTY_CHOICES: answer->no_choices = true; break;
    case FAULT_NULL_CONTENT: drop_content(answer); break;
    case FAULT_PARTS: answer->as_parts = true; break;
    case FAULT_REASONING:
        answer->reasoning_key = "reasoning";
        answer->reasoning = think_text;
        break;
    case FAULT_REASONING_ONLY:
        answer->reasoning_key = "reasoning_content";
        answer->reasoning = think_text;
        answer->finish = "length";
        drop_content(answer);
        break;
    case FAULT_THINK_OPEN:
    case FAULT_FINISH_LENGTH: answer->finish = "length"; break;
    case FAULT_REFUSAL_FIELD:
        answer->refusal = "I'm sorry, but I cannot help with that request.";
        drop_content(answer);
        break;
    case FAULT_TOOL_CALL:
        answer->tool_call = true;
        answer->finish = "tool_calls";
        drop_content(answer);
        break;
    case FAULT_FINISH_ABORT: answer->finish = "abort"; break;
    case FAULT_FINISH_UNKNOWN: answer->finish = "eos_token"; break;
    case FAULT_NO_FINISH: answer->finish = NULL; break;
    case FAULT_NO_USAGE: answer->no_usage = true; break;
    case FAULT_DUPLICATE_KEYS: answer->second_content = "This is the second of two members with one name."; break;
    case FAULT_INVALID_UTF8: answer->raw_tail = " \xff\xfe"; break;
    case FAULT_LONE_SURROGATE: answer->raw_tail = " \\ud83d"; break;
    default: break;
    }
}

/* CR LF, CR and LF line ends in turn, a comment before each event, and `data:` cut in two where a space allows it: all legal,
   since a reader joins data lines by a newline and JSON takes one for a space. */
static void make_odd(struct strbuf *events)
{
    static const char *const ends[] = { "\n", "\r\n", "\r" };
    CLEANUP(strbuf_release) struct strbuf old = STRBUF_INIT;
    (void)strbuf_add(&old, events->buf, events->len);
    strbuf_clear(events);
    size_t turn = 0;
    for (const char *p = old.buf, *end; (end = strstr(p, "\n\n")); p = end + 2, turn++) {
        const char *line_end = ends[turn % ARRAY_LEN(ends)];
        const char *comma = memchr(p, ',', (size_t)(end - p)); /* after "id": between two members, never inside text */
        (void)strbuf_addf(events, ": SIM PROCESSING%s", line_end);
        if (comma) {
            (void)strbuf_add(events, p, (size_t)(comma + 1 - p));
            (void)strbuf_addf(events, "%sdata:", line_end);
            (void)strbuf_add(events, comma + 1, (size_t)(end - comma - 1));
        } else {
            (void)strbuf_add(events, p, (size_t)(end - p));
        }
        (void)strbuf_addf(events, "%s%s", line_end, line_end);
    }
}

static void write_answer(const struct fault_context *c, const struct completion *answer, struct sim_reply *r)
{
    if (!c->request->stream) {
        c->request->dialect->write(answer, &r->body);
        return;
    }
    c->request->dialect->write_events(answer, c->request->include_usage, &r->body);
    r->content_type = "text/event-stream; charset=utf-8";
    r->framing = FRAMING_CHUNKED;
    r->events = true;
    sim_reply_header(r, "Cache-Control", "no-cache");
    if (c->choice->fault && c->choice->fault->kind.id == FAULT_SSE_ODD) {
        make_odd(&r->body);
        r->piece_bytes = 7;
    }
}

/* ---- how the sending goes wrong ---- */

static void cut_at_half(const struct profile_fault *f, enum reply_ending ending, struct sim_reply *r)
{
    r->ending = ending;
    r->stop_at = r->body.len / 2;
    if (!r->events || f->framing == FRAMING_CLOSE)
        r->framing = f->framing;
}

/* The padding goes into the answer's text, so that the reply stays valid JSON. */
static void add_padding(const struct profile_fault *f, const char *marker, struct sim_reply *r)
{
    const char *at = strstr(r->body.buf, marker);
    r->padding_at = at ? (size_t)(at - r->body.buf) + strlen(marker) : 0;
    r->padding_bytes = at && f->bytes > r->body.len ? f->bytes - r->body.len : 0;
    r->framing = r->events ? FRAMING_CHUNKED : f->framing;
    r->events = false;
}

static void spoil_sending(const struct profile_fault *f, const char *text_marker, struct sim_reply *r)
{
    switch (f->kind.id) {
    case FAULT_RESET:
        if (f->at_start)
            r->ending = ENDING_RESET_AT_ONCE;
        else
            cut_at_half(f, ENDING_RESET, r);
        break;
    case FAULT_CLOSE: r->ending = ENDING_NO_REPLY; break;
    case FAULT_STALL:
        r->stall_us = (int64_t)(f->seconds * 1e6);
        cut_at_half(f, ENDING_STALL, r);
        if (f->at_start) {
            r->ending = ENDING_WHOLE;
            r->delay_us += r->stall_us;
        }
        break;
    case FAULT_TRUNCATE: cut_at_half(f, ENDING_CUT, r); break;
    case FAULT_HUGE_BODY: add_padding(f, text_marker, r); break;
    case FAULT_WRONG_TYPE: r->content_type = "text/plain"; break;
    default: break;
    }
    if (r->ending == ENDING_NO_REPLY || r->ending == ENDING_RESET_AT_ONCE)
        r->status = 0;
}

/* ---- what the client can find ---- */

static const char *visible_outcome(const struct choice *choice)
{
    const char *planned = outcome_name(choice->outcome);
    if (!choice->fault)
        return planned;
    switch (choice->fault->kind.id) {
    case FAULT_STATUS:
    case FAULT_RESET:
    case FAULT_CLOSE:
    case FAULT_TRUNCATE:
    case FAULT_HUGE_BODY:
    case FAULT_HTML:
    case FAULT_EMPTY_BODY:
    case FAULT_ERROR_200:
    case FAULT_CHOICE_ERROR:
    case FAULT_EMPTY_CHOICES:
    case FAULT_FINISH_ABORT: return NULL;
    case FAULT_FILTER_400:
    case FAULT_FILTER_FINISH:
    case FAULT_FILTER_CUT: return outcome_name(OUTCOME_BLOCKED);
    case FAULT_NULL_CONTENT:
    case FAULT_REASONING_ONLY:
    case FAULT_THINK_OPEN:
    case FAULT_TOOL_CALL: return outcome_name(OUTCOME_EMPTY);
    case FAULT_REFUSAL_FIELD: return outcome_name(OUTCOME_REFUSED);
    default: return planned;
    }
}

/* True when the reply is finished without an answer in it. */
static bool compose_without_answer(const struct fault_context *c, const struct completion *head, struct sim_reply *r)
{
    const struct profile_fault *f = c->choice->fault;
    const struct sim_dialect *d = c->request->dialect;
    enum fault_id id = f ? f->kind.id : FAULT_NO_USAGE; /* a kind that is none of the cases below */
    switch (id) {
    case FAULT_STATUS: compose_status(c, r); return true;
    case FAULT_FILTER_400: d->write_filter(head, c->request->stream, fault_message(f), r); return true;
    case FAULT_HTML:
    case FAULT_EMPTY_BODY:
        sim_error_write(r, &(struct sim_error_facts){ .shape = f->shape, .message = f->kind.message, .estimated_s = -1.0 });
        return true;
    default: break;
    }
    if (c->choice->outcome != OUTCOME_BLOCKED || f || c->choice->variant % 2 == 0)
        return false;
    d->write_filter(head, c->request->stream, filter_message, r); /* half of the blocked: before generation; the others: after it */
    return true;
}

const char *faults_compose(const struct fault_context *c, struct sim_reply *ret_r)
{
    const struct profile_fault *f = c->choice->fault;
    ret_r->delay_us = c->choice->latency_us;

    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    char id[64], fingerprint[32];
    (void)snprintf(id, sizeof(id), "%s%.24s-%lld", c->request->dialect->id_head, c->body->text, (long long)c->seen);
    (void)snprintf(fingerprint, sizeof(fingerprint), "sim-%llu", (unsigned long long)c->seed);
    struct completion answer = {
        .id = id,
        .model = c->request->model,
        .fingerprint = fingerprint,
        .created = CREATED_BASE + (int64_t)(c->choice->variant % 86400),
        .finish = c->choice->outcome == OUTCOME_BLOCKED ? "content_filter" : "stop",
        .prompt_tokens = sim_request_prompt_tokens(c->request),
    };
    if (compose_without_answer(c, &answer, ret_r))
        return visible_outcome(c->choice);

    write_text(c, &text);
    if (f)
        shape_text(f->kind.id, &text);
    limit_tokens(c, &text, &answer);
    answer.content = text.buf;
    answer.content_len = text.len;
    if (f)
        shape_answer(f, &answer);
    if (f && f->kind.id == FAULT_ERROR_200)
        compose_error_200(c, &answer, ret_r);
    else
        write_answer(c, &answer, ret_r);
    if (f)
        spoil_sending(f, c->request->dialect->text_marker, ret_r);
    return visible_outcome(c->choice);
}
