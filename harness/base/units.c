#include "base/units.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits with an optional fraction; no sign, exponent, "inf" or hexadecimal as strtod would allow. */
static bool read_number(const char **at, double *ret)
{
    const char *p = *at;
    if (!is_digit(*p))
        return false;
    double value = 0, scale = 1;
    for (; is_digit(*p); p++)
        value = value * 10 + (*p - '0');
    if (*p == '.') {
        if (!is_digit(p[1]))
            return false;
        for (p++; is_digit(*p); p++)
            value += (*p - '0') * (scale /= 10);
    }
    *at = p;
    *ret = value;
    return true;
}

bool units_parse_duration(const char *text, int64_t *ret_us)
{
    static const struct {
        const char *name;
        double us;
    } unit[] = { { "d", 86400e6 }, { "h", 3600e6 }, { "ms", 1e3 }, { "m", 60e6 }, { "s", 1e6 }, { "us", 1 } }; /* "ms" before "m" */

    if (strcmp(text, "0") == 0) {
        *ret_us = 0;
        return true;
    }
    double total = 0, previous = INFINITY;
    do {
        double value;
        if (!read_number(&text, &value))
            return false;
        size_t i = 0;
        while (i < ARRAY_LEN(unit) && strncmp(text, unit[i].name, strlen(unit[i].name)) != 0)
            i++;
        if (i == ARRAY_LEN(unit) || unit[i].us >= previous) /* "30s1m" is a slip of the pen */
            return false;
        text += strlen(unit[i].name);
        previous = unit[i].us;
        total += value * unit[i].us;
    } while (*text);
    if (total > 9e18)
        return false;
    *ret_us = (int64_t)llround(total);
    return true;
}

bool units_parse_size(const char *text, uint64_t *ret_bytes)
{
    static const struct {
        const char *name;
        double bytes;
    } unit[] = { { "", 1 },         { "B", 1 },    { "KiB", 0x1p10 }, { "MiB", 0x1p20 }, { "GiB", 0x1p30 },
                 { "TiB", 0x1p40 }, { "kB", 1e3 }, { "MB", 1e6 },     { "GB", 1e9 },     { "TB", 1e12 } };

    double value;
    if (!read_number(&text, &value))
        return false;
    if (*text == ' ')
        text++;
    for (size_t i = 0; i < ARRAY_LEN(unit); i++) {
        if (strcasecmp(text, unit[i].name) != 0)
            continue;
        double bytes = value * unit[i].bytes;
        if (bytes > 9e18 || (unit[i].bytes <= 1 && bytes != floor(bytes))) /* half a byte */
            return false;
        *ret_bytes = (uint64_t)round(bytes);
        return true;
    }
    return false;
}

void units_format_duration(int64_t us, struct strbuf *out)
{
    if (us < 0) {
        (void)strbuf_addch(out, '-');
        us = us == INT64_MIN ? INT64_MAX : -us;
    }
    if (us == 0) {
        (void)strbuf_addstr(out, "0s");
        return;
    }
    /* Each form only for what it does not round up to the next unit. */
    int64_t seconds = us / 1000000 + (us % 1000000 >= 500000);
    if (us < 1000)
        (void)strbuf_addf(out, "%dus", (int)us);
    else if (us < 999500)
        (void)strbuf_addf(out, "%dms", (int)((us + 500) / 1000));
    else if (us < 59950000)
        (void)strbuf_addf(out, "%d.%ds", (int)((us + 50000) / 1000000), (int)((us + 50000) / 100000 % 10));
    else if (seconds < 3600)
        (void)strbuf_addf(out, "%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
    else
        (void)strbuf_addf(out, "%lldh%02dm", (long long)((seconds + 30) / 3600), (int)((seconds + 30) / 60 % 60));
}

void units_format_size(uint64_t bytes, struct strbuf *out)
{
    static const char *const name[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    if (bytes < 1024) {
        (void)strbuf_addf(out, "%d B", (int)bytes);
        return;
    }
    double value = (double)bytes / 1024;
    size_t i = 0;
    for (; value >= 1023.95 && i + 1 < ARRAY_LEN(name); i++)
        value /= 1024;
    (void)strbuf_addf(out, "%.1f %s", value, name[i]);
}

void units_format_count(int64_t count, struct strbuf *out)
{
    char reversed[32];
    size_t len = 0;
    uint64_t left = count < 0 ? 0 - (uint64_t)count : (uint64_t)count;
    for (int digits = 0; digits == 0 || left > 0; digits++, left /= 10) {
        if (digits > 0 && digits % 3 == 0)
            reversed[len++] = ',';
        reversed[len++] = (char)('0' + left % 10);
    }
    if (count < 0)
        (void)strbuf_addch(out, '-');
    while (len > 0)
        (void)strbuf_addch(out, reversed[--len]);
}
