#include "cli/progress_view.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "base/utf8.h"
#include "cli/event_line.h"

#include <math.h>
#include <string.h>

enum { MAX_LINES = 2000, MAX_ENDPOINT_ROWS = 4, MAX_NAME_COLUMNS = 24 };

struct progress_view {
    enum progress_how how;
    char run_id[16];
    struct strbuf name;        /* safe for a terminal */
    int painted;               /* lines on the terminal now */
    int64_t lines, suppressed; /* off a terminal */
    int64_t last_line_us, last_line_done;
    double rate; /* done a second, smoothed */
    int64_t rate_us, rate_done;
};

struct progress_view *progress_view_new(enum progress_how how, const char *run_id, const char *name)
{
    struct progress_view *v = xcalloc(1, sizeof(*v));
    v->how = how;
    strbuf_init(&v->name, STRBUF_DEFAULT_MAX);
    (void)snprintf(v->run_id, sizeof(v->run_id), "%s", run_id);
    text_safe_terminal(name ? name : "", name ? strlen(name) : 0, MAX_NAME_COLUMNS, terminal_is_utf8(), &v->name);
    return v;
}

/* One line, while there is room for more; `fields` as event_line_write takes them. */
static void write_event(struct progress_view *v, enum log_level level, const char *event, const char *fields)
{
    if (v->lines >= MAX_LINES) {
        v->suppressed++;
        return;
    }
    v->lines++;
    CLEANUP(strbuf_release) struct strbuf all = STRBUF_INIT;
    if (v->how == PROGRESS_JSON)
        (void)strbuf_addf(&all, ",\"run\":\"%s\"", v->run_id);
    (void)strbuf_addstr(&all, fields);
    event_line_write(v->how, level, event, all.buf);
}

/* Quotes a value for a key=value line when it needs it. */
static void add_value(struct strbuf *out, const char *text)
{
    bool plain = text[0] && !strpbrk(text, " \"=\t");
    if (plain)
        (void)strbuf_addstr(out, text);
    else
        json_add_string(out, text, strlen(text));
}

void progress_view_start(struct progress_view *v, const char *suite, int64_t planned, size_t endpoints, int64_t seed)
{
    if (v->how != PROGRESS_PLAIN && v->how != PROGRESS_JSON)
        return;
    CLEANUP(strbuf_release) struct strbuf fields = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_terminal(suite, strlen(suite), 0, true, &safe);
    if (v->how == PROGRESS_JSON) {
        (void)strbuf_addstr(&fields, ",\"suite\":");
        json_add_string(&fields, safe.buf, safe.len);
        (void)strbuf_addf(&fields, ",\"planned\":%lld,\"endpoints\":%zu,\"seed\":%lld", (long long)planned, endpoints, (long long)seed);
    } else {
        (void)strbuf_addf(&fields, " run=%s suite=", v->run_id);
        add_value(&fields, safe.buf);
        (void)strbuf_addf(&fields, " planned=%lld endpoints=%zu seed=%lld", (long long)planned, endpoints, (long long)seed);
    }
    write_event(v, LOG_INFO, "start", fields.buf);
}

static void update_rate(struct progress_view *v, const struct progress *p)
{
    if (v->rate_us == 0) {
        v->rate_us = p->start_us;
        v->rate_done = 0;
    }
    double seconds = (double)(p->now_us - v->rate_us) / 1e6;
    if (seconds < 0.5)
        return;
    double now = (double)(p->session_done - v->rate_done) / seconds;
    double weight = v->rate == 0 ? 1 : 1 - exp(-seconds / 15); /* a 15 s memory: steady, yet follows a quota */
    v->rate += weight * (now - v->rate);
    v->rate_us = p->now_us;
    v->rate_done = p->session_done;
}

static void add_eta(const struct progress_view *v, const struct progress *p, struct strbuf *out)
{
    if (v->rate <= 0.001 || p->done == p->planned)
        (void)strbuf_addstr(out, p->done == p->planned ? "0s" : "?");
    else
        units_format_duration((int64_t)((double)(p->planned - p->done) / v->rate * 1e6), out);
}

static int percent(const struct progress *p)
{
    return p->planned > 0 ? (int)(p->done * 100 / p->planned) : 100;
}

static int64_t scored_of(const struct progress_endpoint *e)
{
    int64_t scored = e->by_status[TRIAL_BLOCKED];
    for (int i = 0; i < VERDICT_UNSCORED; i++)
        scored += e->by_verdict[i];
    return scored;
}

static void add_head(const struct progress_view *v, const struct progress *p, struct strbuf *out)
{
    (void)strbuf_addf(out, "run %.8s", v->run_id);
    if (v->name.len)
        (void)strbuf_addf(out, " %s", v->name.buf);
    (void)strbuf_addstr(out, "  ");
    units_format_count(p->done, out);
    (void)strbuf_addch(out, '/');
    units_format_count(p->planned, out);
    (void)strbuf_addf(out, " %d%%  %.1f/s  ETA ", percent(p), v->rate);
    add_eta(v, p, out);
    (void)strbuf_addf(out, "  in-flight %lld  retry %lld", (long long)p->in_flight, (long long)p->retries);
    if (p->rate_limited)
        (void)strbuf_addf(out, " (429: %lld)", (long long)p->rate_limited);
    (void)strbuf_addch(out, '\n');
}

/* What the endpoint takes, as far as that was learned, in a line of its own: the line above fills a terminal. */
static void add_pace(const struct progress_endpoint *e, struct strbuf *out)
{
    if (e->stopped || e->window == 0)
        return;
    (void)strbuf_addf(out, "  in flight %lld of %lld", (long long)e->in_flight, (long long)e->window);
    if (e->per_minute > 0)
        (void)strbuf_addf(out, ", learned rate %.0f/min", e->per_minute);
    if (e->cooldown_us > 0) {
        (void)strbuf_addstr(out, ", waits ");
        units_format_duration(e->cooldown_us, out);
    }
    (void)strbuf_addch(out, '\n');
}

static void add_endpoint(const struct progress_endpoint *e, struct strbuf *out)
{
    double n = (double)scored_of(e);
    text_safe_terminal(e->name, strlen(e->name), 20, terminal_is_utf8(), out);
    if (n > 0)
        (void)strbuf_addf(out, "  ASR %.1f%% so far  part %.1f  refus %.1f  defl %.1f  block %.1f",
                          100 * (double)e->by_verdict[VERDICT_COMPLIED] / n, 100 * (double)e->by_verdict[VERDICT_PARTIAL] / n,
                          100 * (double)e->by_verdict[VERDICT_REFUSED] / n, 100 * (double)e->by_verdict[VERDICT_DEFLECTED] / n,
                          100 * (double)e->by_status[TRIAL_BLOCKED] / n);
    else
        (void)strbuf_addstr(out, "  no verdict yet");
    int64_t missing = e->by_verdict[VERDICT_UNSCORED] + e->by_status[TRIAL_FAILED] + e->by_status[TRIAL_SKIPPED];
    (void)strbuf_addf(out, "  miss %lld", (long long)missing);
    if (e->stopped)
        (void)strbuf_addf(out, "  stopped: %s", e->stopped);
    (void)strbuf_addch(out, '\n');
    add_pace(e, out);
}

static void add_foot(const struct progress *p, struct strbuf *out)
{
    if (p->latency_p50_us >= 0) {
        (void)strbuf_addstr(out, "p50 ");
        units_format_duration(p->latency_p50_us, out);
        (void)strbuf_addstr(out, " p99 ");
        units_format_duration(p->latency_p99_us, out);
        (void)strbuf_addstr(out, "  ");
    }
    (void)strbuf_addf(out, "scoring lag %lld", (long long)p->backlog);
    if (p->judged > 0)
        (void)strbuf_addf(out, "  waiting for judges %lld", (long long)p->judged);
    if (p->cost_usd >= 0)
        (void)strbuf_addf(out, "  $%.2f", p->cost_usd);
    (void)strbuf_addch(out, '\n');
}

/* Cuts each line to the terminal's width, so that a repaint moves up by the right number of lines. */
static void add_cut(const char *text, int columns, struct strbuf *out, int *lines)
{
    for (const char *line = text; *line;) {
        const char *end = strchr(line, '\n');
        size_t len = end ? (size_t)(end - line) : strlen(line);
        size_t width = 0, pos = 0;
        while (pos < len) {
            size_t next = pos;
            width += (size_t)utf8_columns(utf8_next(line, len, &next));
            if (width >= (size_t)columns)
                break;
            pos = next;
        }
        (void)strbuf_add(out, line, pos);
        (void)strbuf_addstr(out, "\033[K\n");
        (*lines)++;
        line = end ? end + 1 : line + len;
    }
}

static void erase(struct progress_view *v, struct strbuf *out)
{
    if (v->painted > 0)
        (void)strbuf_addf(out, "\033[%dA\r", v->painted);
    v->painted = 0;
}

static void paint(struct progress_view *v, const struct progress *p)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf screen = STRBUF_INIT;
    add_head(v, p, &text);
    for (size_t i = 0; i < p->endpoint_count && i < MAX_ENDPOINT_ROWS; i++)
        add_endpoint(&p->endpoint[i], &text);
    add_foot(p, &text);

    erase(v, &screen);
    int lines = 0;
    add_cut(text.buf, terminal_columns(), &screen, &lines);
    v->painted = lines;
    event_line_raw(&screen);
}

static bool line_is_due(const struct progress_view *v, const struct progress *p)
{
    int64_t since = (p->now_us - (v->last_line_us ? v->last_line_us : p->start_us)) / 1000000;
    bool moved = (p->done - v->last_line_done) * 100 >= p->planned * EVENT_LINE_PERCENT;
    return (since >= EVENT_LINE_SECONDS && moved) || since >= EVENT_SILENCE_SECONDS;
}

static int64_t window_of(const struct progress *p)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->endpoint_count; i++)
        sum += p->endpoint[i].stopped ? 0 : p->endpoint[i].window;
    return sum;
}

static void write_line(struct progress_view *v, const struct progress *p)
{
    CLEANUP(strbuf_release) struct strbuf fields = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf eta = STRBUF_INIT;
    add_eta(v, p, &eta);
    const char *format = v->how == PROGRESS_JSON
                             ? ",\"done\":%lld,\"planned\":%lld,\"percent\":%d,\"rate\":%.1f,\"eta\":\"%s\",\"in_flight\":%lld,\"window\":%"
                               "lld,\"retries\":%lld,\"scoring_lag\":%lld,\"judge_lag\":%lld"
                             : " done=%lld planned=%lld pct=%d rate=%.1f/s eta=%s in_flight=%lld window=%lld retries=%lld scoring_lag=%lld"
                               " judge_lag=%lld";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)strbuf_addf(&fields, format, (long long)p->done, (long long)p->planned, percent(p), v->rate, eta.buf, (long long)p->in_flight,
                      (long long)window_of(p), (long long)p->retries, (long long)p->backlog, (long long)p->judged);
#pragma GCC diagnostic pop
    write_event(v, LOG_INFO, "progress", fields.buf);
    v->last_line_us = p->now_us;
    v->last_line_done = p->done;
}

void progress_view_update(struct progress_view *v, const struct progress *p)
{
    update_rate(v, p);
    if (v->how == PROGRESS_TTY)
        paint(v, p);
    else if (v->how != PROGRESS_NONE && line_is_due(v, p))
        write_line(v, p);
}

void progress_view_notice(struct progress_view *v, enum log_level level, const char *kind, const char *message)
{
    if (v->how == PROGRESS_TTY || v->how == PROGRESS_NONE) {
        CLEANUP(strbuf_release) struct strbuf up = STRBUF_INIT;
        if (v->painted) {
            erase(v, &up);
            (void)strbuf_addstr(&up, "\033[J");
            event_line_raw(&up);
        }
        log_line(level, "%s", message);
        return;
    }
    CLEANUP(strbuf_release) struct strbuf fields = STRBUF_INIT;
    if (v->how == PROGRESS_JSON) {
        (void)strbuf_addstr(&fields, ",\"message\":");
        json_add_string(&fields, message, strlen(message));
    } else {
        (void)strbuf_addstr(&fields, " message=");
        json_add_string(&fields, message, strlen(message));
    }
    write_event(v, level, kind, fields.buf);
}

void progress_view_end(struct progress_view *v, const char *status)
{
    if (v->how != PROGRESS_PLAIN && v->how != PROGRESS_JSON)
        return;
    CLEANUP(strbuf_release) struct strbuf fields = STRBUF_INIT;
    const char *mark = v->how == PROGRESS_JSON ? "\"" : "";
    (void)strbuf_addf(&fields, "%s%sstatus%s%s%s%s", v->how == PROGRESS_JSON ? "," : " ", mark, mark, v->how == PROGRESS_JSON ? ":\"" : "=",
                      status, mark);
    if (v->suppressed)
        (void)strbuf_addf(&fields, v->how == PROGRESS_JSON ? ",\"suppressed_lines\":%lld" : " suppressed_lines=%lld",
                          (long long)v->suppressed);
    v->lines = 0; /* the last line is always written */
    write_event(v, LOG_INFO, "end", fields.buf);
}

void progress_view_free(struct progress_view *v)
{
    if (!v)
        return;
    CLEANUP(strbuf_release) struct strbuf up = STRBUF_INIT;
    if (v->painted) {
        erase(v, &up);
        (void)strbuf_addstr(&up, "\033[J");
        event_line_raw(&up);
    }
    strbuf_release(&v->name);
    free(v);
}
