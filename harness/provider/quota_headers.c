#include "provider/quota_headers.h"

#include "provider/wait_text.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { MOST_HEADERS = 16, MAX_VALUE = 512, MAX_NAME = 96 };
static const double MOST = 1e15;

/* ---- Lines of the header block ---- */

struct header_line {
    const char *name, *value;
    size_t name_len, value_len;
};

/* The line at `at`, which is moved behind it; false at the end. */
static bool next_line(const char **at, struct header_line *ret)
{
    while (**at) {
        const char *line = *at;
        size_t len = strcspn(line, "\n"), name_len = strcspn(line, ":\n");
        *at = line + len + (line[len] == '\n');
        if (name_len == len)
            continue;
        const char *value = wait_text_blanks(line + name_len + 1);
        if (value > line + len)
            value = line + len;
        *ret = (struct header_line){ line, value, name_len, (size_t)(line + len - value) };
        return true;
    }
    return false;
}

/* Copies a value; false when it is too long to be one of ours. */
static bool copy_value(const struct header_line *h, char out[MAX_VALUE])
{
    if (h->value_len >= MAX_VALUE)
        return false;
    memcpy(out, h->value, h->value_len);
    out[h->value_len] = '\0';
    return true;
}

static bool find_value(const struct http_reply *reply, const char *name, char out[MAX_VALUE])
{
    struct header_line h;
    size_t len = strlen(name);
    for (const char *at = reply->headers.buf; next_line(&at, &h);) {
        if (h.name_len == len && memcmp(h.name, name, len) == 0)
            return copy_value(&h, out);
    }
    return false;
}

/* A number at the beginning of a value; what follows ("100, 100;w=60") is left alone. -1 = none. */
static double number_at(const char *text)
{
    double value;
    return wait_text_number(wait_text_blanks(text), &value) ? fmin(value, MOST) : -1;
}

/* ---- One of several ---- */

static double seconds_for_one(const struct quota_told *q)
{
    return (double)q->reset_us / (q->remaining + 1);
}

static void keep_tighter(struct quota_told *kept, struct quota_told q)
{
    if (q.remaining >= 0 && q.reset_us >= 0 && (kept->remaining < 0 || seconds_for_one(&q) > seconds_for_one(kept)))
        *kept = q;
}

/* ---- A header for each number ---- */

static bool contains(const char *text, const char *word)
{
    return strstr(text, word) != NULL;
}

/* Which quota a header's name speaks of, NULL for none that is known: what is left of the name tells. */
static struct quota_told *quota_of(const char *name, struct quota_headers *q)
{
    const char *rest = strstr(name, "ratelimit") + strlen("ratelimit");
    if (contains(rest, "token"))
        return &q->tokens;
    bool plain = strcmp(rest, "-remaining") == 0;
    return plain || contains(rest, "request") ? &q->requests : NULL;
}

/* "…-remaining-…" with another word in its place. */
static bool sister_value(const struct http_reply *reply, const char *name, const char *word, char out[MAX_VALUE])
{
    static const char remaining[] = "remaining";
    const char *at = strstr(name, remaining);
    char sister[MAX_NAME];
    (void)snprintf(sister, sizeof(sister), "%.*s%s%s", (int)(at - name), name, word, at + sizeof(remaining) - 1);
    return find_value(reply, sister, out);
}

static void read_remaining(const struct http_reply *reply, const struct header_line *h, int64_t now_wall_us, struct quota_headers *q)
{
    char name[MAX_NAME], value[MAX_VALUE];
    if (h->name_len >= sizeof(name))
        return;
    memcpy(name, h->name, h->name_len);
    name[h->name_len] = '\0';
    struct quota_told *kept = contains(name, "remaining") ? quota_of(name, q) : NULL;
    if (!kept || !copy_value(h, value))
        return;
    struct quota_told told = { .remaining = number_at(value), .limit = -1, .reset_us = -1 };
    if (sister_value(reply, name, "reset", value))
        told.reset_us = wait_text_us(value, now_wall_us);
    if (sister_value(reply, name, "limit", value))
        told.limit = number_at(value);
    keep_tighter(kept, told);
}

/* ---- RateLimit and RateLimit-Policy: lists of members with parameters (RFC 9651), or a dictionary ---- */

struct member {
    char name[48];
    double q, r, t, w;
    bool countable; /* requests, not bytes or connections */
};

static void read_parameter(const char *p, struct member *m)
{
    p = wait_text_blanks(p);
    double *value = strncmp(p, "q=", 2) == 0   ? &m->q
                    : strncmp(p, "r=", 2) == 0 ? &m->r
                    : strncmp(p, "t=", 2) == 0 ? &m->t
                    : strncmp(p, "w=", 2) == 0 ? &m->w
                                               : NULL;
    if (value)
        *value = number_at(p + 2);
    if (strncmp(p, "qu=", 3) == 0)
        m->countable = strncmp(p + 3, "\"requests\"", 10) == 0;
}

/* One member up to its comma; returns what follows. */
static const char *read_member(const char *p, struct member *m)
{
    *m = (struct member){ .q = -1, .r = -1, .t = -1, .w = -1, .countable = true };
    p = wait_text_blanks(p);
    bool quoted = false;
    size_t len = 0;
    for (bool named = true; *p && (quoted || *p != ','); p++) {
        if (*p == '"')
            quoted = !quoted;
        if (!quoted && *p == ';') {
            named = false;
            read_parameter(p + 1, m);
        }
        if (named && *p != '"' && len + 1 < sizeof(m->name))
            m->name[len++] = *p;
    }
    m->name[len] = '\0';
    return *p ? p + 1 : p;
}

/* What the policy of this name says; with a single policy the name does not matter. */
static bool find_policy(const char *policies, const char *name, struct member *ret)
{
    size_t count = 0;
    struct member m;
    for (const char *p = policies; *p; count++) {
        p = read_member(p, &m);
        *ret = m;
        if (strcmp(m.name, name) == 0)
            return true;
    }
    return count == 1;
}

static double dictionary_value(const char *name, const char *key)
{
    size_t len = strlen(key);
    return strncmp(name, key, len) == 0 && name[len] == '=' ? number_at(name + len + 1) : -1;
}

static void read_rate_limit(const struct http_reply *reply, const struct header_line *h, struct quota_headers *q)
{
    char value[MAX_VALUE], policies[MAX_VALUE];
    if (!copy_value(h, value))
        return;
    if (!find_value(reply, "ratelimit-policy", policies))
        policies[0] = '\0';
    struct quota_told dictionary = { .remaining = -1, .limit = -1, .reset_us = -1 };
    for (const char *p = value; *p;) {
        struct member m, policy = { .q = -1, .w = -1, .countable = true };
        p = read_member(p, &m);
        dictionary.remaining = fmax(dictionary.remaining, dictionary_value(m.name, "remaining"));
        dictionary.limit = fmax(dictionary.limit, dictionary_value(m.name, "limit"));
        double reset_s = dictionary_value(m.name, "reset");
        if (reset_s >= 0)
            dictionary.reset_us = wait_text_scale(reset_s, 1e6);
        bool known = find_policy(policies, m.name, &policy);
        reset_s = m.t >= 0 ? m.t : known ? policy.w : -1;
        if (m.r >= 0 && reset_s >= 0 && policy.countable && m.countable)
            keep_tighter(&q->requests, (struct quota_told){
                                           .remaining = m.r, .limit = known ? policy.q : -1, .reset_us = wait_text_scale(reset_s, 1e6) });
    }
    keep_tighter(&q->requests, dictionary);
}

/* ---- All of them ---- */

static bool speaks_of_quotas(const struct header_line *h)
{
    static const char *const head[] = { "ratelimit", "x-ratelimit-", "anthropic-ratelimit-" };
    for (size_t i = 0; i < ARRAY_LEN(head); i++) {
        size_t len = strlen(head[i]);
        if (h->name_len >= len && memcmp(h->name, head[i], len) == 0)
            return true;
    }
    return false;
}

bool quota_headers_read(const struct http_reply *reply, int64_t now_wall_us, struct quota_headers *ret)
{
    static const struct quota_told nothing = { .remaining = -1, .limit = -1, .reset_us = -1 };
    *ret = (struct quota_headers){ nothing, nothing };
    struct header_line h;
    int seen = 0;
    for (const char *at = reply->headers.buf; seen < MOST_HEADERS && next_line(&at, &h);) {
        if (!speaks_of_quotas(&h))
            continue;
        seen++;
        if (h.name_len == strlen("ratelimit"))
            read_rate_limit(reply, &h, ret);
        else
            read_remaining(reply, &h, now_wall_us, ret);
    }
    return ret->requests.remaining >= 0 || ret->tokens.remaining >= 0;
}
