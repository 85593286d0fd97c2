#include "reports/figures.h"

#include "base/json.h"
#include "base/units.h"

#include <string.h>

static int decimals_of(const cJSON *rate)
{
    double low, high;
    bool narrow = json_number(rate, "low", &low) && json_number(rate, "high", &high) && (high - low) / 2 < 0.0025;
    return narrow ? 2 : 1;
}

void figures_percent(const cJSON *rate, bool unicode, struct strbuf *out)
{
    double value;
    if (json_number(rate, "value", &value))
        (void)strbuf_addf(out, "%.*f", decimals_of(rate), 100 * value);
    else
        (void)strbuf_addstr(out, unicode ? "—" : "-");
}

void figures_interval(const cJSON *rate, struct strbuf *out)
{
    double low, high, clusters;
    int decimals = decimals_of(rate);
    if (json_number(rate, "low", &low) && json_number(rate, "high", &high))
        (void)strbuf_addf(out, "[%.*f, %.*f]", decimals, 100 * low, decimals, 100 * high);
    else if (json_number(rate, "clusters", &clusters) && (int)clusters == 1)
        (void)strbuf_addstr(out, "(1 intent)");
}

#define PERCENT_SIGN "\u00A0%" /* the no-break space keeps them on one line */
#define PERCENT_FORMAT "\u00A0%%"

enum extreme { NOT_EXTREME, NO_DATA, ONE_INTENT, NO_EVENT, ALL_EVENTS };

static enum extreme extreme_of(const cJSON *rate, int64_t events)
{
    double value, low, clusters = 0;
    int64_t n = 0;
    (void)json_int(rate, "n", &n);
    if (!json_number(rate, "value", &value))
        return NO_DATA;
    (void)json_number(rate, "clusters", &clusters);
    if (!json_number(rate, "low", &low) && (int)clusters == 1)
        return ONE_INTENT;
    if (events < 0)
        return NOT_EXTREME;
    return events == 0 ? NO_EVENT : events == n ? ALL_EVENTS : NOT_EXTREME;
}

void figures_value(const cJSON *rate, int64_t events, bool sign, struct strbuf *out)
{
    int64_t n = 0;
    (void)json_int(rate, "n", &n);
    enum extreme extreme = extreme_of(rate, events);
    if (extreme != NOT_EXTREME && extreme != NO_DATA && events >= 0) {
        (void)strbuf_addf(out, "%lld/%lld", (long long)events, (long long)n);
        return;
    }
    figures_percent(rate, true, out);
    if (sign && extreme != NO_DATA)
        (void)strbuf_addstr(out, PERCENT_SIGN);
}

void figures_bounds(const cJSON *rate, int64_t events, struct strbuf *out)
{
    double low = 0, high = 0;
    (void)json_number(rate, "low", &low);
    (void)json_number(rate, "high", &high);
    switch (extreme_of(rate, events)) {
    case NO_EVENT: (void)strbuf_addf(out, "(≤ %.1f" PERCENT_FORMAT ")", 100 * high); return;
    case ALL_EVENTS: (void)strbuf_addf(out, "(≥ %.1f" PERCENT_FORMAT ")", 100 * low); return;
    case NO_DATA: return;
    case ONE_INTENT:
    case NOT_EXTREME:
    default: figures_interval(rate, out);
    }
}

void figures_bounds_text(const cJSON *rate, int64_t events, bool unicode, struct strbuf *out)
{
    double low = 0, high = 0;
    (void)json_number(rate, "low", &low);
    (void)json_number(rate, "high", &high);
    enum extreme extreme = extreme_of(rate, events);
    if (extreme == NO_EVENT)
        (void)strbuf_addf(out, "(%s %.1f %%)", unicode ? "≤" : "<=", 100 * high);
    else if (extreme == ALL_EVENTS)
        (void)strbuf_addf(out, "(%s %.1f %%)", unicode ? "≥" : ">=", 100 * low);
    else
        figures_bounds(rate, events, out);
}

void figures_rate(const cJSON *rate, int64_t events, struct strbuf *out)
{
    figures_value(rate, events, true, out);
    size_t before = out->len;
    (void)strbuf_addch(out, ' ');
    figures_bounds(rate, events, out);
    if (out->len == before + 1)
        strbuf_truncate(out, before);
}

void figures_value_text(const cJSON *rate, int64_t events, bool unicode, struct strbuf *out)
{
    double value;
    if (json_number(rate, "value", &value))
        figures_value(rate, events, false, out);
    else
        figures_percent(rate, unicode, out); /* the dash */
}

void figures_rate_text(const cJSON *rate, int64_t events, bool unicode, struct strbuf *out)
{
    double value;
    size_t start = out->len;
    figures_value_text(rate, events, unicode, out);
    if (!json_number(rate, "value", &value))
        return;
    (void)strbuf_addstr(out, strchr(out->buf + start, '/') ? " " : " % ");
    figures_bounds_text(rate, events, unicode, out);
    if (out->buf[out->len - 1] == ' ')
        strbuf_truncate(out, out->len - 1);
}

void figures_share(int64_t part, int64_t whole, struct strbuf *out)
{
    double percent = whole > 0 ? 100.0 * (double)part / (double)whole : 0;
    if (whole > 0)
        (void)strbuf_addf(out, "%.*f" PERCENT_FORMAT, percent > 0 && percent < 1 ? 2 : 1, percent);
    else
        (void)strbuf_addstr(out, "—");
}

int64_t figures_count(const cJSON *counts, const char *key)
{
    int64_t value = 0;
    (void)json_int(counts, key, &value);
    return value;
}

void figures_identity(const cJSON *counts, struct strbuf *out)
{
    static const char *const part[] = { "scored", "unscored", "failed", "skipped", "pending" };
    (void)strbuf_addstr(out, "planned ");
    units_format_count(figures_count(counts, "planned"), out);
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        (void)strbuf_addf(out, " %s %s ", i == 0 ? "=" : "+", part[i]);
        units_format_count(figures_count(counts, part[i]), out);
    }
}

int64_t figures_missing(const cJSON *counts)
{
    return figures_count(counts, "planned") - figures_count(counts, "scored");
}

void figures_providers(const cJSON *endpoint, struct strbuf *out)
{
    const cJSON *provider, *list = json_array(endpoint, "providers");
    bool any = false;
    cJSON_ArrayForEach(provider, list) any = any || json_string(provider, "name");
    if (!any)
        return;
    cJSON_ArrayForEach(provider, list)
    {
        const char *name = json_string(provider, "name");
        int64_t answers = figures_count(provider, "answers"), apart = figures_count(provider, "apart");
        (void)strbuf_addf(out, "%s%s%s", provider == list->child ? "" : ", ", name ? name : "", name ? " " : "");
        units_format_count(answers, out);
        if (!name)
            (void)strbuf_addstr(out, " not named");
        if (apart > 0 && apart < answers)
            (void)strbuf_addf(out, " (%lld kept apart)", (long long)apart);
        else if (apart > 0)
            (void)strbuf_addstr(out, " kept apart");
    }
}

static void add_usd(double usd, struct strbuf *out)
{
    (void)strbuf_addf(out, usd < 1 ? "$%.4f" : "$%.2f", usd);
}

void figures_cost(const cJSON *cost, struct strbuf *out)
{
    double estimate, upper;
    bool known = json_number(cost, "estimate", &estimate), bounded = json_number(cost, "upper", &upper);
    if (known)
        add_usd(estimate, out);
    else
        (void)strbuf_addstr(out, "cost unknown");
    (void)strbuf_addstr(out, known ? " (estimate; " : bounded ? " (" : "");
    if (bounded) {
        (void)strbuf_addstr(out, "at most ");
        add_usd(upper, out);
    } else if (known) {
        (void)strbuf_addstr(out, "upper bound unknown");
    }
    (void)strbuf_addstr(out, known || bounded ? ")" : "");
}

void figures_budget_stop(const cJSON *endpoint, struct strbuf *out)
{
    const cJSON *stop = json_object(endpoint, "budget_stop");
    if (!stop)
        return;
    const char *order = json_string(stop, "order");
    (void)strbuf_addstr(out, "stopped by budget after ");
    units_format_count(figures_count(stop, "done"), out);
    (void)strbuf_addstr(out, " of ");
    units_format_count(figures_count(stop, "planned"), out);
    (void)strbuf_addf(out, " trials in %s order: what was run is %s fair sample of the suite", order ? order : "unknown",
                      json_bool(stop, "fair_sample", false) ? "a" : "NOT a");
}
