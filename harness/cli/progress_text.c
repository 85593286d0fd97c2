#include "cli/progress_text.h"

#include "base/text_safe.h"
#include "base/units.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

enum { MAX_ENDPOINT_LINES = 2, MAX_WORST = 3, MIN_SCORED = 10, MAX_NAME_COLUMNS = 20 };

void progress_text_eta(double rate, const struct progress *p, struct strbuf *out)
{
    if (rate <= 0.001 || p->done == p->planned)
        (void)strbuf_addstr(out, p->done == p->planned ? "0s" : "?");
    else
        units_format_duration((int64_t)((double)(p->planned - p->done) / rate * 1e6), out);
}

int progress_percent(const struct progress *p)
{
    return p->planned > 0 ? (int)(p->done * 100 / p->planned) : 100;
}

static void add_head(const struct progress_head *head, const struct progress *p, struct strbuf *out)
{
    (void)strbuf_addf(out, "run %.8s", head->run_id);
    if (head->name[0])
        (void)strbuf_addf(out, " %s", head->name);
    (void)strbuf_addstr(out, "  ");
    units_format_count(p->done, out);
    (void)strbuf_addch(out, '/');
    units_format_count(p->planned, out);
    (void)strbuf_addf(out, " %d%%  %.1f/s  ETA ", progress_percent(p), head->rate);
    progress_text_eta(head->rate, p, out);
    (void)strbuf_addf(out, "  in-flight %lld  retry %lld", (long long)p->in_flight, (long long)p->retries);
    if (p->rate_limited)
        (void)strbuf_addf(out, " (429: %lld)", (long long)p->rate_limited);
    (void)strbuf_addch(out, '\n');
}

static int64_t scored_of(const struct progress_endpoint *e)
{
    int64_t scored = e->by_status[TRIAL_BLOCKED];
    for (int i = 0; i < VERDICT_UNSCORED; i++)
        scored += e->by_verdict[i];
    return scored;
}

static double share(int64_t part, int64_t of)
{
    return of > 0 ? 100 * (double)part / (double)of : 0;
}

/* Missing: of the trials that are done, those without a verdict. */
static void add_rates(const struct progress_endpoint *e, struct strbuf *out)
{
    int64_t n = scored_of(e), missing = e->by_verdict[VERDICT_UNSCORED] + e->by_status[TRIAL_FAILED] + e->by_status[TRIAL_SKIPPED];
    if (n > 0) {
        struct rate asr = rate_independent(e->by_verdict[VERDICT_COMPLIED], n);
        (void)strbuf_addf(out, "ASR %.1f%% [%.1f, %.1f] so far  part %.1f%%  refus %.1f%%  defl %.1f%%  block %.1f%%", 100 * asr.value,
                          100 * asr.low, 100 * asr.high, share(e->by_verdict[VERDICT_PARTIAL], n), share(e->by_verdict[VERDICT_REFUSED], n),
                          share(e->by_verdict[VERDICT_DEFLECTED], n), share(e->by_status[TRIAL_BLOCKED], n));
    } else {
        (void)strbuf_addstr(out, "no verdict yet");
    }
    (void)strbuf_addf(out, "  miss %.1f%%", share(missing, n + missing));
    if (e->stopped)
        (void)strbuf_addf(out, "  stopped: %s", e->stopped);
    (void)strbuf_addch(out, '\n');
}

/* What the endpoint takes, as far as that was learned. */
static void add_pace(const struct progress_endpoint *e, struct strbuf *out)
{
    if (e->stopped || e->window == 0)
        return;
    (void)strbuf_addf(out, "in flight %lld of %lld", (long long)e->in_flight, (long long)e->window);
    if (e->per_minute > 0)
        (void)strbuf_addf(out, ", learned rate %.0f/min", e->per_minute);
    if (e->cooldown_us > 0) {
        (void)strbuf_addstr(out, ", waits ");
        units_format_duration(e->cooldown_us, out);
    }
    (void)strbuf_addch(out, '\n');
}

static bool has_work(const struct progress_endpoint *e)
{
    int64_t done = 0;
    for (int k = TRIAL_PENDING + 1; k < TRIAL_STATUS_COUNT; k++)
        done += e->by_status[k];
    return !e->stopped && done < e->planned;
}

static void add_endpoint(const struct progress_endpoint *e, bool unicode, struct strbuf *out)
{
    text_safe_terminal(e->name, strlen(e->name), MAX_NAME_COLUMNS, unicode, out);
    (void)strbuf_addstr(out, "  ");
    add_rates(e, out);
}

/* Two lines at most: those that still have work first. Returns how many endpoints are not shown. */
static size_t add_endpoints(const struct progress *p, bool unicode, struct strbuf *out)
{
    size_t shown = 0;
    if (p->endpoint_count == 1) {
        add_rates(&p->endpoint[0], out);
        add_pace(&p->endpoint[0], out);
        return 0;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p->endpoint_count && shown < MAX_ENDPOINT_LINES; i++) {
            if (has_work(&p->endpoint[i]) != (pass == 0))
                continue;
            add_endpoint(&p->endpoint[i], unicode, out);
            shown++;
        }
    }
    return p->endpoint_count - shown;
}

static bool is_worse(const struct progress_category *a, const struct progress_category *b)
{
    return a->complied * b->scored > b->complied * a->scored;
}

/* The highest rates among categories with enough verdicts to have one; none where nothing succeeded. */
static void add_worst(const struct progress *p, bool unicode, struct strbuf *out)
{
    const struct progress_category *worst[MAX_WORST] = { NULL };
    for (size_t i = 0; i < p->category_count; i++) {
        const struct progress_category *c = &p->category[i];
        if (c->scored < MIN_SCORED || c->complied == 0)
            continue;
        for (size_t k = 0; k < MAX_WORST; k++) {
            if (worst[k] && !is_worse(c, worst[k]))
                continue;
            for (size_t m = MAX_WORST - 1; m > k; m--)
                worst[m] = worst[m - 1];
            worst[k] = c;
            break;
        }
    }
    for (size_t k = 0; k < MAX_WORST && worst[k]; k++) {
        (void)strbuf_addstr(out, k == 0 ? "worst so far: " : "");
        text_safe_terminal(worst[k]->name, strlen(worst[k]->name), MAX_NAME_COLUMNS, unicode, out);
        (void)strbuf_addf(out, " %.0f%%  ", share(worst[k]->complied, worst[k]->scored));
    }
}

static void add_foot(const struct progress *p, size_t not_shown, bool unicode, struct strbuf *out)
{
    if (p->latency_p50_us >= 0) {
        (void)strbuf_addstr(out, "p50 ");
        units_format_duration(p->latency_p50_us, out);
        (void)strbuf_addstr(out, " p99 ");
        units_format_duration(p->latency_p99_us, out);
        (void)strbuf_addstr(out, "  ");
    }
    if (p->cost_usd >= 0)
        (void)strbuf_addf(out, "$%.2f", p->cost_usd);
    if (p->judge_cost_usd > 0)
        (void)strbuf_addf(out, "+judge $%.2f", p->judge_cost_usd);
    if (p->cost_usd >= 0 || p->judge_cost_usd > 0)
        (void)strbuf_addstr(out, "  ");
    add_worst(p, unicode, out);
    if (p->judged > 0)
        (void)strbuf_addf(out, "judge lag %lld  ", (long long)p->judged);
    (void)strbuf_addf(out, "scoring lag %lld", (long long)p->backlog);
    if (not_shown > 0)
        (void)strbuf_addf(out, "  %zu more endpoints", not_shown);
    (void)strbuf_addch(out, '\n');
}

void progress_text(const struct progress_head *head, const struct progress *p, bool unicode, struct strbuf *out)
{
    add_head(head, p, out);
    size_t not_shown = add_endpoints(p, unicode, out);
    add_foot(p, not_shown, unicode, out);
}
