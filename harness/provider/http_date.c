#include "provider/http_date.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static int month_of(const char *name)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++)
        if (strlen(name) == 3 && strncasecmp(months + 3 * i, name, 3) == 0)
            return i;
    return -1;
}

static bool is_utc(const char *zone)
{
    return strcmp(zone, "GMT") == 0 || strcmp(zone, "UTC") == 0;
}

/* Fills *ret and `month` from whichever form fits; %n proves that nothing follows. */
static bool scan(const char *text, struct tm *ret, char month[4], bool *ret_short_year)
{
    char zone[4] = "";
    int end = 0;
    struct tm t = { 0 };

    *ret_short_year = false;
    if (sscanf(text, "%*[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d %3[A-Z]%n", &t.tm_mday, month, &t.tm_year, &t.tm_hour, &t.tm_min,
               &t.tm_sec, zone, &end) == 7 &&
        !text[end] && is_utc(zone)) {
        *ret = t;
        return true;
    }
    if (sscanf(text, "%*[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d %3[A-Z]%n", &t.tm_mday, month, &t.tm_year, &t.tm_hour, &t.tm_min,
               &t.tm_sec, zone, &end) == 7 &&
        !text[end] && is_utc(zone)) {
        *ret_short_year = true;
        *ret = t;
        return true;
    }
    if (sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec, &t.tm_year,
               &end) == 6 &&
        !text[end]) {
        *ret = t;
        return true;
    }
    return false;
}

/* RFC 9110: a two-digit year that seems more than 50 years ahead is in the past. */
static int full_year(int year, int64_t now_s)
{
    time_t now = (time_t)now_s;
    struct tm today = { 0 };
    if (!gmtime_r(&now, &today))
        return 2000 + year;
    int this_year = today.tm_year + 1900;
    year += this_year - this_year % 100;
    return year > this_year + 50 ? year - 100 : year;
}

bool http_date_parse(const char *text, int64_t now_s, int64_t *ret_s)
{
    struct tm t;
    char month[4] = "";
    bool short_year;

    if (!scan(text, &t, month, &short_year))
        return false;
    t.tm_mon = month_of(month);
    int year = short_year ? full_year(t.tm_year, now_s) : t.tm_year;
    if (t.tm_mon < 0 || year < 1601 || t.tm_mday < 1 || t.tm_mday > 31 || t.tm_hour < 0 || t.tm_hour > 23 || t.tm_min < 0 ||
        t.tm_min > 59 || t.tm_sec < 0 || t.tm_sec > 60)
        return false;

    t.tm_year = year - 1900;
    *ret_s = (int64_t)timegm(&t);
    return true;
}
