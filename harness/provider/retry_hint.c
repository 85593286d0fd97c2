#include "provider/retry_hint.h"

#include "provider/http_date.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What fits an int64_t with room to add a clock to it: 146,000 years. */
static const double max_hint_us = 4.6e18;

static int64_t to_us(double value, double unit_us)
{
    double us = value * unit_us;
    return us < max_hint_us ? (int64_t)(us + 0.5) : (int64_t)max_hint_us;
}

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t");
}

/* A plain decimal number, no sign, no exponent: strtod would also take "inf", "nan" and "0x10". NULL when there is none. */
static const char *scan_number(const char *p, double *ret)
{
    double value = 0, scale = 1;
    const char *start = p;

    for (; isdigit((unsigned char)*p); p++)
        value = value * 10 + (*p - '0');
    if (p == start && !(p[0] == '.' && isdigit((unsigned char)p[1])))
        return NULL;
    if (*p == '.' && isdigit((unsigned char)p[1]))
        for (p++; isdigit((unsigned char)*p); p++)
            value += (*p - '0') * (scale /= 10);
    *ret = value;
    return p;
}

/* Microseconds of a unit's name, 0 when it is none. */
static double unit_us(const char *name, size_t len)
{
    static const struct {
        const char *name;
        double us;
    } unit[] = {
        { "us", 1 },        { "ms", 1e3 },       { "millisecond", 1e3 }, { "milliseconds", 1e3 }, { "s", 1e6 },       { "sec", 1e6 },
        { "secs", 1e6 },    { "second", 1e6 },   { "seconds", 1e6 },     { "m", 60e6 },           { "min", 60e6 },    { "mins", 60e6 },
        { "minute", 60e6 }, { "minutes", 60e6 }, { "h", 3600e6 },        { "hr", 3600e6 },        { "hour", 3600e6 }, { "hours", 3600e6 },
        { "d", 86400e6 },   { "day", 86400e6 },  { "days", 86400e6 },
    };
    for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++)
        if (strlen(unit[i].name) == len && strncasecmp(unit[i].name, name, len) == 0)
            return unit[i].us;
    return 0;
}

/* "6m0s", "2.5s", "120ms", "1 minute 5 seconds": numbers with units, added up. *ret_end (may be NULL) is where it stopped. */
static bool scan_duration(const char *p, int64_t *ret_us, const char **ret_end)
{
    double total = 0, value;
    bool any = false;

    for (const char *next; (next = scan_number(skip_blanks(p), &value)) != NULL;) {
        next = skip_blanks(next);
        size_t len = 0;
        while (isalpha((unsigned char)next[len]))
            len++;
        double us = unit_us(next, len);
        if (us == 0)
            break;
        total += value * us;
        any = true;
        p = next + len;
    }
    if (!any)
        return false;
    *ret_us = to_us(total, 1);
    if (ret_end)
        *ret_end = p;
    return true;
}

static bool is_end(const char *p)
{
    return *skip_blanks(p) == '\0';
}

static bool whole_number(const char *text, double *ret)
{
    const char *end = scan_number(skip_blanks(text), ret);
    return end && is_end(end);
}

/* ---- where servers say it ----------------------------------------------------------------------------------------- */

static int64_t from_retry_after_ms(const char *value)
{
    double ms;
    return whole_number(value, &ms) ? to_us(ms, 1e3) : -1;
}

/* From now until then; a date in the past is a wish of 0. */
static int64_t until(int64_t date_s, int64_t now_wall_us)
{
    int64_t wait_us = date_s * 1000000 - now_wall_us;
    return wait_us > 0 ? wait_us : 0;
}

static int64_t from_retry_after(const char *value, int64_t now_wall_us)
{
    double seconds;
    if (whole_number(value, &seconds))
        return to_us(seconds, 1e6);
    int64_t date_s;
    if (!http_date_parse(skip_blanks(value), now_wall_us / 1000000, &date_s))
        return -1;
    return until(date_s, now_wall_us);
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
        const char *param = skip_blanks(p + 1);
        if (strncmp(param, "r=", 2) == 0)
            (void)scan_number(param + 2, &remaining);
        else if (strncmp(param, "t=", 2) == 0)
            (void)scan_number(param + 2, &reset);
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
    return longest < 0 ? -1 : to_us(longest, 1e6);
}

static int64_t from_reset(const char *value, int64_t now_wall_us)
{
    double seconds;
    if (whole_number(value, &seconds))
        return to_us(seconds, 1e6);
    int64_t us, date_s;
    const char *end;
    if (scan_duration(value, &us, &end) && is_end(end))
        return us;
    return rfc3339_parse(skip_blanks(value), &date_s) ? until(date_s, now_wall_us) : -1;
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
    if (!scan_number(skip_blanks(line + len + 1), &left) || left > 0)
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
        int64_t us = http_reply_header(reply, name->buf, value) ? from_reset(value->buf, now_wall_us) : -1;
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
        if (at && scan_duration(at + strlen(lead[i]), &us, NULL))
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
        us = to_us(body_wish_s, 1e6);
    if (us < 0)
        us = from_message(message);
    return us;
}
