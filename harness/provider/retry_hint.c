#include "provider/retry_hint.h"

#include "provider/http_date.h"
#include "provider/wait_text.h"

#include <string.h>
#include <strings.h>

/* ---- where servers say it ----------------------------------------------------------------------------------------- */

static int64_t from_retry_after_ms(const char *value)
{
    double ms;
    return wait_text_whole_number(value, &ms) ? wait_text_scale(ms, 1e3) : -1;
}

static int64_t from_retry_after(const char *value, int64_t now_wall_us)
{
    double seconds;
    if (wait_text_whole_number(value, &seconds))
        return wait_text_scale(seconds, 1e6);
    int64_t date_s;
    if (!http_date_parse(wait_text_blanks(value), now_wall_us / 1000000, &date_s))
        return -1;
    return wait_text_until(date_s, now_wall_us);
}

/* One member of a RateLimit list, up to its comma: seconds to reset when its r is 0, else -1. */
static double member_reset(const char *p, const char **ret_next)
{
    double remaining = -1, reset = -1;
    bool quoted = false;

    for (; *p && (quoted || *p != ','); p++) {
        if (*p == '"')
            quoted = !quoted;
        if (quoted || *p != ';')
            continue;
        const char *param = wait_text_blanks(p + 1);
        if (strncmp(param, "r=", 2) == 0)
            (void)wait_text_number(param + 2, &remaining);
        else if (strncmp(param, "t=", 2) == 0)
            (void)wait_text_number(param + 2, &reset);
    }
    *ret_next = *p ? p + 1 : p;
    return remaining == 0 ? reset : -1;
}

/* RateLimit is sent on every reply: it is a wish only for the buckets that are empty. The last to fill decides. */
static int64_t from_rate_limit(const char *value)
{
    double longest = -1;
    while (*value) {
        double reset = member_reset(value, &value);
        if (reset > longest)
            longest = reset;
    }
    return longest < 0 ? -1 : wait_text_scale(longest, 1e6);
}

/* How servers name what is left of a bucket and when it fills again: before, what, after. */
static const struct bucket_names {
    const char *head, *remaining, *reset;
} bucket_names[] = {
    { "x-ratelimit-", "remaining-", "reset-" },         /* x-ratelimit-remaining-tokens */
    { "anthropic-ratelimit-", "-remaining", "-reset" }, /* anthropic-ratelimit-input-tokens-remaining */
};

/* The bucket that a header line says is empty, as the name of its reset header; false when it says something else. */
static bool empty_bucket(const char *line, const struct bucket_names *n, struct strbuf *ret_reset)
{
    bool before = n->remaining[0] != '-';
    size_t head = strlen(n->head), word = strlen(n->remaining);
    size_t len = strcspn(line, ":\n");
    if (line[len] != ':' || len <= head + word || strncasecmp(line, n->head, head) != 0)
        return false;
    const char *what = line + head + (before ? word : 0);
    if (strncasecmp(before ? line + head : line + len - word, n->remaining, word) != 0)
        return false;
    double left;
    if (!wait_text_number(wait_text_blanks(line + len + 1), &left) || left > 0)
        return false;
    strbuf_clear(ret_reset);
    int what_len = (int)(len - head - word);
    (void)strbuf_addf(ret_reset, "%s%s%.*s%s", n->head, before ? n->reset : "", what_len, what, before ? "" : n->reset);
    return true;
}

/* The longest reset among the buckets with nothing remaining. */
static int64_t from_empty_buckets(const struct http_reply *reply, int64_t now_wall_us, struct strbuf *name, struct strbuf *value)
{
    int64_t longest = -1;

    for (const char *line = reply->headers.buf; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        bool empty = false;
        for (size_t i = 0; !empty && i < sizeof(bucket_names) / sizeof(bucket_names[0]); i++)
            empty = empty_bucket(line, &bucket_names[i], name);
        if (!empty)
            continue;
        strbuf_clear(value);
        int64_t us = http_reply_header(reply, name->buf, value) ? wait_text_us(value->buf, now_wall_us) : -1;
        if (us > longest)
            longest = us;
    }
    return longest;
}

static int64_t from_message(const char *message)
{
    static const char *const lead[] = { "try again in ", "retry in ", "retry after ", "retry again in " };
    for (size_t i = 0; i < sizeof(lead) / sizeof(lead[0]); i++) {
        const char *at = strcasestr(message, lead[i]);
        int64_t us;
        if (at && wait_text_duration(at + strlen(lead[i]), &us, NULL))
            return us;
    }
    return -1;
}

static const char *header(const struct http_reply *reply, const char *name, struct strbuf *value)
{
    strbuf_clear(value);
    return http_reply_header(reply, name, value) ? value->buf : NULL;
}

int64_t retry_hint_us(const struct http_reply *reply, double body_wish_s, const char *message, int64_t now_wall_us)
{
    CLEANUP(strbuf_release) struct strbuf value = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    const char *text;
    int64_t us = -1;

    if ((text = header(reply, "retry-after-ms", &value)) != NULL)
        us = from_retry_after_ms(text);
    if (us < 0 && (text = header(reply, "retry-after", &value)) != NULL)
        us = from_retry_after(text, now_wall_us);
    if (us < 0 && (text = header(reply, "ratelimit", &value)) != NULL)
        us = from_rate_limit(text);
    if (us < 0)
        us = from_empty_buckets(reply, now_wall_us, &name, &value);
    if (us < 0 && body_wish_s >= 0)
        us = wait_text_scale(body_wish_s, 1e6);
    if (us < 0)
        us = from_message(message);
    return us;
}
