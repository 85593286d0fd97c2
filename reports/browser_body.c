/* One body as JSON text. Written by hand: a tree for each of 140,000 would cost more than reading them from the store. */
#include "reports/browser_bodies.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "reports/text_cut.h"

#include <math.h>
#include <string.h>

static const char *const thumb_name[THUMB_STATES] = { "here", "missing", "changed", "unreadable", "unknown", "left_out" };

static void add_key(struct strbuf *out, const char *key)
{
    char last = out->len ? out->buf[out->len - 1] : '{';
    if (last != '{')
        (void)strbuf_addch(out, ',');
    (void)strbuf_addch(out, '"');
    (void)strbuf_addstr(out, key);
    (void)strbuf_addstr(out, "\":");
}

static void add_string(struct strbuf *out, const char *text, size_t len)
{
    if (utf8_valid(text, len, NULL)) {
        json_add_string(out, text, len);
        return;
    }
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_decode(text, len, &safe);
    json_add_string(out, safe.buf, safe.len);
}

static void add_word(struct strbuf *out, const char *key, const char *text)
{
    if (!text || !*text)
        return;
    add_key(out, key);
    add_string(out, text, text_cut(text, strlen(text)));
}

static void add_number(struct strbuf *out, const char *key, bool known, double value)
{
    if (!known || !isfinite(value))
        return;
    add_key(out, key);
    json_add_number(out, value);
}

/* A text, and how many characters were cut off. */
static void add_text(struct strbuf *out, const char *key, const char *text)
{
    size_t len = text ? strlen(text) : 0, cut = text ? text_cut(text, len) : 0, more = 0;
    if (len == 0)
        return;
    add_key(out, key);
    add_string(out, text, cut);
    for (size_t i = cut; i < len; i++)
        more += ((unsigned char)text[i] & 0xc0) != 0x80;
    if (more > 0)
        (void)strbuf_addf(out, ",\"%s_more\":%zu", key, more);
}

static void open_item(struct strbuf *out, size_t number)
{
    (void)strbuf_addstr(out, number ? ",{" : "{");
}

void browser_sample_body(const struct trial_detail *t, const enum browser_thumb *thumb, struct strbuf *out)
{
    (void)strbuf_addch(out, '{');
    add_text(out, "prompt", t->prompt);
    add_text(out, "intent", t->intent);
    add_text(out, "context", t->context);
    add_key(out, "images");
    (void)strbuf_addch(out, '[');
    for (size_t i = 0; i < t->image_count; i++) {
        const struct trial_image *m = &t->image[i];
        open_item(out, i);
        add_word(out, "path", m->name);
        add_word(out, "mime", m->mime);
        add_word(out, "sha256", m->sha256);
        add_number(out, "width", m->width > 0, (double)m->width);
        add_number(out, "height", m->height > 0, (double)m->height);
        add_number(out, "bytes", m->bytes > 0, (double)m->bytes);
        add_word(out, "thumb", thumb_name[thumb ? thumb[i] : THUMB_UNKNOWN]);
        (void)strbuf_addch(out, '}');
    }
    (void)strbuf_addstr(out, "]}");
}

/* The votes as they were stored, when they are a list and not enormous. */
static void add_votes(struct strbuf *out, const char *votes_json)
{
    size_t len = votes_json ? strlen(votes_json) : 0;
    if (len == 0 || len > BROWSER_MAX_VOTES_BYTES)
        return;
    CLEANUP(json_freep) cJSON *votes = json_parse_lenient(votes_json, len, NULL, NULL);
    if (!cJSON_IsArray(votes))
        return;
    add_key(out, "votes");
    json_add_tree(out, votes);
}

static void add_scores(struct strbuf *out, const struct trial_detail *t)
{
    add_key(out, "scores");
    (void)strbuf_addch(out, '[');
    for (size_t i = 0; i < t->score_count; i++) {
        const struct trial_score *x = &t->score[i];
        open_item(out, i);
        add_word(out, "scorer", x->scorer);
        add_number(out, "primary", x->is_primary, 1);
        add_word(out, "verdict", verdict_name(x->verdict));
        add_word(out, "reason", x->reason);
        add_number(out, "value", true, x->value);
        add_text(out, "rationale", x->explanation);
        add_votes(out, x->votes_json);
        (void)strbuf_addch(out, '}');
    }
    (void)strbuf_addch(out, ']');
}

static void add_attempts(struct strbuf *out, const struct trial_detail *t)
{
    size_t count = t->attempt_count < BROWSER_MAX_ATTEMPTS ? t->attempt_count : BROWSER_MAX_ATTEMPTS;
    add_key(out, "attempts");
    (void)strbuf_addch(out, '[');
    for (size_t i = 0; i < count; i++) {
        CLEANUP(strbuf_release) struct strbuf sent = STRBUF_INIT;
        const struct trial_attempt *x = &t->attempt[t->attempt_count - count + i]; /* the last ones tell how it ended */
        clock_format_utc(x->sent_at, true, &sent);
        open_item(out, i);
        add_number(out, "number", true, x->number);
        add_word(out, "sent", sent.buf);
        add_number(out, "http", x->http_status > 0, x->http_status);
        add_word(out, "class", x->error_class);
        add_word(out, "message", x->message);
        add_number(out, "retry_ms", x->retry_after_us >= 0, (double)x->retry_after_us / 1000);
        add_number(out, "first_ms", x->first_byte_us >= 0, (double)x->first_byte_us / 1000);
        add_number(out, "total_ms", x->done_at > 0, (double)(x->done_at - x->sent_at) / 1000);
        add_number(out, "prompt", x->prompt_tokens >= 0, (double)x->prompt_tokens);
        add_number(out, "completion", x->completion_tokens >= 0, (double)x->completion_tokens);
        add_number(out, "cost", x->cost_usd >= 0, x->cost_usd);
        (void)strbuf_addch(out, '}');
    }
    (void)strbuf_addch(out, ']');
    add_number(out, "attempts_more", count < t->attempt_count, (double)(t->attempt_count - count));
}

static void add_answer(struct strbuf *out, const struct trial_detail *t)
{
    add_text(out, "answer", t->content);
    add_text(out, "reasoning", t->reasoning);
    add_text(out, "refusal", t->refusal);
}

static void add_base(struct strbuf *out, const struct trial_detail *base)
{
    add_key(out, "base");
    (void)strbuf_addch(out, '{');
    add_number(out, "id", true, (double)base->trial_id);
    add_answer(out, base);
    (void)strbuf_addch(out, '}');
}

void browser_trial_body(const struct trial_detail *t, const struct trial_detail *base, struct strbuf *out)
{
    (void)strbuf_addch(out, '{');
    add_answer(out, t);
    add_word(out, "model", t->model_echo);
    add_word(out, "provider", t->provider_echo);
    add_scores(out, t);
    add_attempts(out, t);
    if (base)
        add_base(out, base);
    (void)strbuf_addch(out, '}');
}
