#include "provider/http_date.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* strptime would read month names in the language of the user. A form is written with: w a weekday, d b y Y the date,
   H M S the time, Z the zone; m is a month as a number, o a fraction and an offset; anything else stands for itself. */
static const char *const form[] = { "w, d b Y H:M:S Z", "w, d-b-y H:M:S Z", "w b d H:M:S Y" };
static const char internet_form[] = "Y-m-dTH:M:So";

/* Exactly `count` digits; a leading blank counts as one, as in asctime's "Nov  6". */
static const char *take_number(const char *p, int count, int *ret)
{
    *ret = 0;
    for (int i = 0; i < count; i++, p++) {
        if (i == 0 && *p == ' ')
            continue;
        if (!isdigit((unsigned char)*p))
            return NULL;
        *ret = *ret * 10 + (*p - '0');
    }
    return p;
}

static const char *take_month(const char *p, int *ret)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (*ret = 0; *ret < 12; ++*ret)
        if (strncasecmp(months + (size_t)*ret * 3, p, 3) == 0)
            return p + 3;
    return NULL;
}

static const char *take_weekday(const char *p)
{
    size_t len = 0;
    while (isalpha((unsigned char)p[len]))
        len++;
    return len >= 3 ? p + len : NULL;
}

static const char *take_zone(const char *p)
{
    return strncmp(p, "GMT", 3) == 0 || strncmp(p, "UTC", 3) == 0 ? p + 3 : NULL;
}

/* ".25Z", "Z", "+01:30": *ret in seconds east of Greenwich. */
static const char *take_offset(const char *p, long *ret)
{
    int hours, minutes;
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    *ret = 0;
    if (*p == 'Z' || *p == 'z')
        return p + 1;
    if (*p != '+' && *p != '-')
        return NULL;
    bool west = *p == '-';
    p = take_number(p + 1, 2, &hours);
    p = p && *p == ':' ? take_number(p + 1, 2, &minutes) : NULL;
    if (!p || hours > 23 || minutes > 59)
        return NULL;
    *ret = (west ? -1 : 1) * (hours * 3600L + minutes * 60L);
    return p;
}

/* Fills *ret, tm_year being the year as it is written. */
static bool matches(const char *p, const char *pattern, struct tm *ret)
{
    *ret = (struct tm){ 0 };
    for (; p && *pattern; pattern++) {
        switch (*pattern) {
        case 'w': p = take_weekday(p); break;
        case 'd': p = take_number(p, 2, &ret->tm_mday); break;
        case 'b': p = take_month(p, &ret->tm_mon); break;
        case 'm':
            p = take_number(p, 2, &ret->tm_mon);
            ret->tm_mon--;
            break;
        case 'y': p = take_number(p, 2, &ret->tm_year); break;
        case 'Y': p = take_number(p, 4, &ret->tm_year); break;
        case 'H': p = take_number(p, 2, &ret->tm_hour); break;
        case 'M': p = take_number(p, 2, &ret->tm_min); break;
        case 'S': p = take_number(p, 2, &ret->tm_sec); break;
        case 'Z': p = take_zone(p); break;
        case 'o': p = take_offset(p, &ret->tm_gmtoff); break;
        default: p = *p == *pattern ? p + 1 : NULL; break;
        }
    }
    return p && !*p;
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

static bool to_seconds(struct tm *t, int year, int64_t *ret_s)
{
    if (year < 1601 || t->tm_mon < 0 || t->tm_mon > 11 || t->tm_mday < 1 || t->tm_mday > 31 || t->tm_hour > 23 || t->tm_min > 59 ||
        t->tm_sec > 60)
        return false;
    int64_t east_s = t->tm_gmtoff;
    t->tm_year = year - 1900;
    *ret_s = (int64_t)timegm(t) - east_s;
    return true;
}

bool http_date_parse(const char *text, int64_t now_s, int64_t *ret_s)
{
    struct tm t;
    size_t at = 0;

    while (at < sizeof(form) / sizeof(form[0]) && !matches(text, form[at], &t))
        at++;
    if (at == sizeof(form) / sizeof(form[0]))
        return false;
    return to_seconds(&t, strchr(form[at], 'y') ? full_year(t.tm_year, now_s) : t.tm_year, ret_s);
}

bool rfc3339_parse(const char *text, int64_t *ret_s)
{
    struct tm t;
    return matches(text, internet_form, &t) && to_seconds(&t, t.tm_year, ret_s);
}
