#include "provider/wait_text.h"

#include "provider/http_date.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What fits an int64_t with room to add a clock to it: 146,000 years. */
static const double max_hint_us = 4.6e18;

int64_t wait_text_scale(double value, double unit_us)
{
    double us = value * unit_us;
    return us < max_hint_us ? (int64_t)(us + 0.5) : (int64_t)max_hint_us;
}

const char *wait_text_blanks(const char *p)
{
    return p + strspn(p, " \t");
}

const char *wait_text_number(const char *p, double *ret)
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

bool wait_text_duration(const char *p, int64_t *ret_us, const char **ret_end)
{
    double total = 0, value;
    bool any = false;

    for (const char *next; (next = wait_text_number(wait_text_blanks(p), &value)) != NULL;) {
        next = wait_text_blanks(next);
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
    *ret_us = wait_text_scale(total, 1);
    if (ret_end)
        *ret_end = p;
    return true;
}

static bool is_end(const char *p)
{
    return *wait_text_blanks(p) == '\0';
}

bool wait_text_whole_number(const char *text, double *ret)
{
    const char *end = wait_text_number(wait_text_blanks(text), ret);
    return end && is_end(end);
}

int64_t wait_text_until(int64_t date_s, int64_t now_wall_us)
{
    int64_t wait_us = date_s * 1000000 - now_wall_us;
    return wait_us > 0 ? wait_us : 0;
}

/* Some servers count seconds or milliseconds since 1970: no wait is as long as that. */
static int64_t from_number(double value, int64_t now_wall_us)
{
    static const double epoch_s = 1e9, epoch_ms = 1e12;
    if (value < epoch_s)
        return wait_text_scale(value, 1e6);
    int64_t at_us = wait_text_scale(value, value < epoch_ms ? 1e6 : 1e3);
    return at_us > now_wall_us ? at_us - now_wall_us : 0;
}

int64_t wait_text_us(const char *text, int64_t now_wall_us)
{
    double number;
    if (wait_text_whole_number(text, &number))
        return from_number(number, now_wall_us);
    int64_t us, date_s;
    const char *end;
    if (wait_text_duration(text, &us, &end) && is_end(end))
        return us;
    return rfc3339_parse(wait_text_blanks(text), &date_s) ? wait_text_until(date_s, now_wall_us) : -1;
}
