#include "reports/view_text.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_FIELD_BYTES = 400 };

void view_text(cJSON *object, const char *key, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    if (len == 0) {
        (void)cJSON_AddNullToObject(object, key);
    } else if (len <= MAX_FIELD_BYTES) {
        (void)cJSON_AddStringToObject(object, key, text);
    } else {
        char cut[MAX_FIELD_BYTES + sizeof("…")];
        size_t at = MAX_FIELD_BYTES;
        while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
            at--;
        memcpy(cut, text, at);
        memcpy(cut + at, "…", sizeof("…"));
        (void)cJSON_AddStringToObject(object, key, cut);
    }
}

void view_signs(const char *text, struct strbuf *out)
{
    static const struct {
        const char *plain, *print;
    } sign[] = { { "->", "→" }, { "<=", "≤" }, { ">=", "≥" }, { "`", "" } };
    for (const char *p = text; *p; p++) {
        size_t i = 0;
        while (i < ARRAY_LEN(sign) && strncmp(p, sign[i].plain, strlen(sign[i].plain)) != 0)
            i++;
        bool begins = p == text || p[-1] == ' ' || p[-1] == '[' || p[-1] == '(';
        if (i < ARRAY_LEN(sign)) {
            (void)strbuf_addstr(out, sign[i].print);
            p += strlen(sign[i].plain) - 1;
        } else if (*p == '-' && begins && p[1] >= '0' && p[1] <= '9') {
            (void)strbuf_addstr(out, "−");
        } else {
            (void)strbuf_addch(out, *p);
        }
    }
}

void view_prose(cJSON *object, const char *key, const char *text)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    view_signs(text ? text : "", &out);
    view_text(object, key, text ? out.buf : NULL);
}

void view_textf(cJSON *object, const char *key, const char *format, ...)
{
    char text[MAX_FIELD_BYTES + 1];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    view_text(object, key, text);
}

void view_take(cJSON *object, const char *key, struct strbuf *text)
{
    if (text->len)
        (void)cJSON_AddStringToObject(object, key, text->buf);
    else
        (void)cJSON_AddNullToObject(object, key);
    strbuf_clear(text);
}

void view_count(cJSON *object, const char *key, int64_t count)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    units_format_count(count, &text);
    view_take(object, key, &text);
}

void view_rate(cJSON *object, const char *key, const cJSON *rate, int64_t events, bool sign)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    char bounds[64];
    figures_value(rate, events, sign, &text);
    view_take(object, key, &text);
    figures_bounds(rate, events, &text);
    (void)snprintf(bounds, sizeof(bounds), "%s_bounds", key);
    view_take(object, bounds, &text);
}

void view_time(cJSON *object, const char *key, const char *time)
{
    size_t date = strlen("2026-09-15"), seconds = strlen("2026-09-15T01:10:00");
    if (time && strlen(time) >= seconds && time[date] == 'T')
        view_textf(object, key, "%.*s %.*s UTC", (int)date, time, (int)(seconds - date - 1), time + date + 1);
    else
        view_text(object, key, time);
}

void view_ms(cJSON *object, const char *key, const cJSON *times, const char *member)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    double ms;
    if (json_number(times, member, &ms))
        units_format_duration((int64_t)(ms * 1000), &text);
    else
        (void)strbuf_addstr(&text, "—");
    view_take(object, key, &text);
}

void view_cost(cJSON *object, const cJSON *cost)
{
    double estimate, upper;
    bool known = json_number(cost, "estimate", &estimate), bounded = json_number(cost, "upper", &upper);
    if (!known)
        view_text(object, "cost", "cost unknown");
    else
        view_textf(object, "cost", estimate < 1 ? "$%.4f" : "$%.2f", estimate);
    if (bounded && known && upper - estimate < 0.00005) /* the same figure twice says nothing */
        view_text(object, "cost_note", NULL);
    else if (bounded)
        view_textf(object, "cost_note", upper < 1 ? "at most $%.4f" : "at most $%.2f", upper);
    else
        view_text(object, "cost_note", known ? "at least: some replies carry no cost" : NULL);
}

void view_verdict(cJSON *object, const char *word)
{
    static const struct {
        const char *word, *symbol, *ink;
    } glyph[] = {
        { "complied", "g-x", "bad" },     { "partial", "g-half", "warn" }, { "refused", "g-ok", "good" },  { "deflected", "g-dash", "i3" },
        { "blocked", "g-block", "good" }, { "pending", "g-q", "i3" },      { "unscored", "g-bang", "i3" },
    };
    size_t i = 0;
    while (i < ARRAY_LEN(glyph) - 1 && (!word || strcmp(word, glyph[i].word) != 0))
        i++;
    view_text(object, "word", word);
    cJSON *json = cJSON_AddObjectToObject(object, "glyph");
    view_text(json, "symbol", glyph[i].symbol);
    view_text(json, "ink", glyph[i].ink);
}

const char *view_level(double fraction)
{
    static const double edge[] = { 5, 10, 15, 20, 25, 30, 40, 50 };
    static const char *const name[] = { "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8" };
    size_t step = 0;
    if (isnan(fraction))
        return "none";
    while (step < ARRAY_LEN(edge) && 100 * fraction >= edge[step])
        step++;
    return name[step];
}

/* Percent-encoding of everything but letters, digits and - . _ ~ (RFC 3986 section 2.3). */
static void add_encoded(const char *text, struct strbuf *out)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("-._~", *p);
        if (plain)
            (void)strbuf_addch(out, (char)*p);
        else
            (void)strbuf_addf(out, "%%%02X", *p);
    }
}

void view_samples_link(cJSON *object, const char *endpoint, const char *category, const char *attack)
{
    CLEANUP(strbuf_release) struct strbuf href = STRBUF_INIT;
    const struct {
        const char *facet, *name;
    } part[] = { { "end", endpoint }, { "cat", category }, { "att", attack } };
    (void)strbuf_addstr(&href, "#f=");
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        size_t len = part[i].name ? strlen(part[i].name) : 0;
        if (len == 0 || len > MAX_FIELD_BYTES)
            continue;
        (void)strbuf_addf(&href, "%s%s:", href.len > 3 ? "," : "", part[i].facet);
        add_encoded(part[i].name, &href);
    }
    view_take(object, "href", &href);
}

cJSON *view_item(cJSON *list)
{
    cJSON *item = cJSON_CreateObject();
    (void)cJSON_AddItemToArray(list, item);
    return item;
}

/* One capital letter, and at most two digits after it. */
static size_t key_length(const char *name)
{
    size_t len = 1;
    if (name[0] < 'A' || name[0] > 'Z')
        return 0;
    while (len < 3 && name[len] >= '0' && name[len] <= '9')
        len++;
    return len;
}

void view_name(cJSON *object, const char *name)
{
    size_t len = name ? key_length(name) : 0, gap = len;
    while (len && (name[gap] == ' ' || name[gap] == '.' || name[gap] == ':' || name[gap] == '-'))
        gap++;
    if (len && gap > len && name[gap]) {
        view_textf(object, "letter", "%.*s", (int)len, name);
        view_text(object, "name", name + gap);
    } else {
        view_text(object, "letter", NULL);
        view_text(object, "name", name && name[0] ? name : "(none)");
    }
}
