#include "cli/estimate_view.h"

#include "base/json_member.h"
#include "base/units.h"

#include <math.h>

static void add_usd(double usd, struct strbuf *out)
{
    (void)strbuf_addf(out, usd < 1 ? "$%.4f" : "$%.2f", usd);
}

static void add_seconds(double seconds, struct strbuf *out)
{
    units_format_duration((int64_t)(fmin(seconds, 1e12) * 1e6), out);
}

static void add_time(const struct estimate *e, struct strbuf *out)
{
    if (e->seconds_low < 0) {
        (void)strbuf_addstr(out, ", time unknown");
        return;
    }
    (void)strbuf_addstr(out, e->seconds_high < 0 ? ", at least " : ", ");
    add_seconds(e->seconds_low, out);
    if (e->seconds_high < 0)
        return;
    (void)strbuf_addstr(out, " to ");
    add_seconds(e->seconds_high, out);
}

void estimate_view_text(const struct estimate *e, struct strbuf *out)
{
    units_format_count(e->trials, out);
    (void)strbuf_addstr(out, e->judge ? " questions, " : e->trials == 1 ? " trial, " : " trials, ");
    if (e->usd_low < 0) {
        (void)strbuf_addstr(out, "cost unknown");
    } else {
        add_usd(e->usd_low, out);
        (void)strbuf_addstr(out, " to ");
        add_usd(e->usd_high, out);
    }
    add_time(e, out);
}

static void add_range(cJSON *object, const char *key, double low, double high)
{
    cJSON *json = cJSON_AddObjectToObject(object, key);
    json_member_number(json, "low", low < 0 ? (double)NAN : low);
    json_member_number(json, "high", high < 0 ? (double)NAN : high);
}

cJSON *estimate_view_json(const struct estimate *e)
{
    cJSON *json = cJSON_CreateObject();
    json_member_int(json, e->judge ? "questions" : "trials", true, e->trials);
    add_range(json, "prompt_tokens", (double)e->prompt.low, (double)e->prompt.high);
    add_range(json, "completion_tokens", (double)e->output.low, (double)e->output.high);
    add_range(json, "cost_usd", e->usd_low, e->usd_high);
    add_range(json, "time_s", e->seconds_low, e->seconds_high);
    return json;
}

void estimate_total_add(const struct estimate *e, void *total)
{
    struct estimate_total *t = total;
    struct estimate *sum = &t->sum;
    bool first = t->endpoints++ == 0;
    sum->trials += e->judge ? 0 : e->trials;
    t->questions += e->judge ? e->trials : 0;
    if (e->usd_low < 0) {
        t->unpriced++;
    } else {
        sum->usd_low += e->usd_low;
        sum->usd_high += e->usd_high;
    }
    sum->seconds_low = first ? e->seconds_low : fmax(sum->seconds_low, e->seconds_low);
    bool unknown = e->seconds_high < 0 || (!first && sum->seconds_high < 0);
    sum->seconds_high = unknown ? -1 : fmax(sum->seconds_high, e->seconds_high);
}

void estimate_total_text(const struct estimate_total *t, struct strbuf *out)
{
    if (t->unpriced == t->endpoints)
        return;
    (void)strbuf_addstr(out, "estimate: ");
    estimate_view_text(&t->sum, out);
    if (t->questions > 0)
        (void)strbuf_addf(out, "; with %lld questions to judges", (long long)t->questions);
    if (t->unpriced > 0)
        (void)strbuf_addf(out, "; without %lld endpoint%s of unknown price", (long long)t->unpriced, t->unpriced == 1 ? "" : "s");
}
