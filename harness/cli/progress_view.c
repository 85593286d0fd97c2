#include "cli/progress_view.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "base/utf8.h"
#include "cli/event_line.h"
#include "cli/progress_text.h"

#include <math.h>
#include <string.h>

enum { MAX_LINES = 2000, MAX_NAME_COLUMNS = 24, MAX_PAINTED = 8, PAINT_US = 100000 /* ten times a second */ };

struct progress_view {
    enum progress_how how;
    char run_id[16];
    struct strbuf name;        /* safe for a terminal */
    int painted;               /* lines on the terminal now */
    int width[MAX_PAINTED];    /* of each, in columns */
    int64_t painted_us;        /* when */
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

/* Cuts each line to the terminal's width, and remembers how wide it is: a terminal that becomes narrower breaks it. */
static void add_cut(struct progress_view *v, const char *text, int columns, struct strbuf *out)
{
    for (const char *line = text; *line;) {
        const char *end = strchr(line, '\n');
        size_t len = end ? (size_t)(end - line) : strlen(line);
        size_t width = 0, pos = 0;
        while (pos < len) {
            size_t next = pos;
            size_t more = (size_t)utf8_columns(utf8_next(line, len, &next));
            if (width + more >= (size_t)columns)
                break;
            width += more;
            pos = next;
        }
        (void)strbuf_add(out, line, pos);
        (void)strbuf_addstr(out, "\033[K\n");
        if (v->painted < MAX_PAINTED)
            v->width[v->painted++] = (int)width;
        line = end ? end + 1 : line + len;
    }
}

static void erase(struct progress_view *v, struct strbuf *out)
{
    int columns = terminal_columns(), rows = 0;
    for (int i = 0; i < v->painted; i++)
        rows += v->width[i] > columns ? (v->width[i] + columns - 1) / columns : 1;
    if (rows > 0)
        (void)strbuf_addf(out, "\033[%dA\r\033[J", rows);
    v->painted = 0;
}

static void paint(struct progress_view *v, const struct progress *p)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf screen = STRBUF_INIT;
    if (v->painted > 0 && p->now_us - v->painted_us < PAINT_US)
        return;
    v->painted_us = p->now_us;
    const struct progress_head head = { v->run_id, v->name.buf, v->rate };
    progress_text(&head, p, terminal_is_utf8(), &text);
    erase(v, &screen);
    add_cut(v, text.buf, terminal_columns(), &screen);
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
    progress_text_eta(v->rate, p, &eta);
    const char *format = v->how == PROGRESS_JSON
                             ? ",\"done\":%lld,\"planned\":%lld,\"percent\":%d,\"rate\":%.1f,\"eta\":\"%s\",\"in_flight\":%lld,\"window\":%"
                               "lld,\"retries\":%lld,\"scoring_lag\":%lld,\"judge_lag\":%lld"
                             : " done=%lld planned=%lld pct=%d rate=%.1f/s eta=%s in_flight=%lld window=%lld retries=%lld scoring_lag=%lld"
                               " judge_lag=%lld";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)strbuf_addf(&fields, format, (long long)p->done, (long long)p->planned, progress_percent(p), v->rate, eta.buf,
                      (long long)p->in_flight, (long long)window_of(p), (long long)p->retries, (long long)p->backlog, (long long)p->judged);
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

void progress_view_snapshot(struct progress_view *v, const struct progress *p)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const struct progress_head head = { v->run_id, v->name.buf, v->rate };
    if (v->how == PROGRESS_PLAIN || v->how == PROGRESS_JSON) {
        write_line(v, p);
        return;
    }
    erase(v, &text);
    progress_text(&head, p, terminal_is_utf8(), &text);
    event_line_raw(&text);
}

void progress_view_notice(struct progress_view *v, enum log_level level, const char *kind, const char *message)
{
    if (v->how == PROGRESS_TTY || v->how == PROGRESS_NONE) {
        CLEANUP(strbuf_release) struct strbuf up = STRBUF_INIT;
        if (v->painted) {
            erase(v, &up);
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
        event_line_raw(&up);
    }
    strbuf_release(&v->name);
    free(v);
}
