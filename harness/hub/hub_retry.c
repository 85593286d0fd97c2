#include "hub/hub_retry.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

enum { MAX_SECONDS = 7 * 24 * 3600 };

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t");
}

/* Digits alone, as RFC 9110 has it. -1 = something else. */
static int64_t seconds_of(const char *text, const char **ret_end)
{
    int64_t seconds = 0;
    if (!isdigit((unsigned char)*text))
        return -1;
    for (; isdigit((unsigned char)*text); text++)
        seconds = seconds < MAX_SECONDS ? seconds * 10 + (*text - '0') : MAX_SECONDS;
    *ret_end = text;
    return seconds < MAX_SECONDS ? seconds : MAX_SECONDS;
}

static int64_t from_retry_after(const char *value, int64_t now_wall_us)
{
    const char *end;
    int64_t seconds = seconds_of(value = skip_blanks(value), &end);
    if (seconds >= 0)
        return *skip_blanks(end) ? -1 : seconds * 1000000;

    struct tm date = { 0 };
    end = strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &date); /* the locale's time is never set: English names */
    if (!end || *skip_blanks(end))
        return -1;
    int64_t wait_us = (int64_t)timegm(&date) * 1000000 - now_wall_us;
    return wait_us < 0 ? 0 : wait_us < (int64_t)MAX_SECONDS * 1000000 ? wait_us : (int64_t)MAX_SECONDS * 1000000;
}

/* `"api";r=0;t=55, "pages";r=7;t=9`: the longest t among the empty ones. */
static int64_t from_rate_limit(const char *value)
{
    int64_t longest = -1, left = -1, reset = -1;
    bool quoted = false;
    const char *end;
    for (;; value++) {
        if (!*value || (*value == ',' && !quoted)) {
            if (left == 0 && reset > longest)
                longest = reset;
            left = reset = -1;
        }
        if (!*value)
            return longest < 0 ? -1 : longest * 1000000;
        if (*value == '"')
            quoted = !quoted;
        if (quoted || *value != ';')
            continue;
        const char *name = skip_blanks(value + 1);
        if (strncmp(name, "r=", 2) == 0)
            left = seconds_of(name + 2, &end);
        else if (strncmp(name, "t=", 2) == 0)
            reset = seconds_of(name + 2, &end);
    }
}

int64_t hub_retry_hint_us(const struct http_reply *r, int64_t now_wall_us)
{
    CLEANUP(strbuf_release) struct strbuf value = STRBUF_INIT;
    int64_t us = http_reply_header(r, "retry-after", &value) ? from_retry_after(value.buf, now_wall_us) : -1;
    strbuf_clear(&value);
    if (us < 0 && http_reply_header(r, "ratelimit", &value))
        us = from_rate_limit(value.buf);
    return us;
}
