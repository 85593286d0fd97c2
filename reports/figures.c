#include "reports/figures.h"

#include "base/json.h"
#include "base/units.h"

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
