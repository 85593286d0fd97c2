#include "cli/pull_view.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/units.h"
#include "cli/event_line.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const int64_t REPAINT_US = 100000;

struct pull_view {
    enum progress_how how;
    bool painted;
    int64_t painted_us, line_us, line_percent;
    double rate; /* bytes a second, smoothed */
    int64_t rate_us, rate_bytes;
};

struct pull_view *pull_view_new(enum progress_how how)
{
    struct pull_view *v = xcalloc(1, sizeof(*v));
    v->how = how;
    return v;
}

static void erase(struct pull_view *v)
{
    if (v->painted)
        (void)!write(STDERR_FILENO, "\r\033[K", 4);
    v->painted = false;
}

static void update_rate(struct pull_view *v, const struct hub_progress *p)
{
    if (v->rate_us == 0)
        v->rate_us = p->start_us;
    double seconds = (double)(p->now_us - v->rate_us) / 1e6;
    if (seconds < 0.5)
        return;
    double now = (double)(p->fetched_bytes - v->rate_bytes) / seconds;
    v->rate += (v->rate == 0 ? 1 : 1 - exp(-seconds / 10)) * (now - v->rate);
    v->rate_us = p->now_us;
    v->rate_bytes = p->fetched_bytes;
}

/* By bytes when they are known, else by files. */
static int percent(const struct hub_progress *p)
{
    if (p->bytes_total > 0)
        return (int)((double)p->bytes_done * 100 / (double)p->bytes_total);
    return p->files_total > 0 ? (int)(p->files_done * 100 / p->files_total) : 0;
}

static void add_text(const struct pull_view *v, const struct hub_progress *p, struct strbuf *out)
{
    (void)strbuf_addf(out, "%s", p->phase);
    if (p->files_done || p->files_total) {
        (void)strbuf_addstr(out, "  ");
        units_format_count(p->files_done, out);
    }
    if (p->files_total) {
        (void)strbuf_addch(out, '/');
        units_format_count(p->files_total, out);
        (void)strbuf_addf(out, " files  %d%%  ", percent(p));
        units_format_size((uint64_t)p->bytes_done, out);
        (void)strbuf_addstr(out, "  ");
        units_format_size(v->rate > 0 ? (uint64_t)v->rate : 0, out);
        (void)strbuf_addf(out, "/s  in-flight %lld", (long long)p->in_flight);
    } else if (p->files_done)
        (void)strbuf_addstr(out, " files");
    if (p->retries)
        (void)strbuf_addf(out, "  retry %lld", (long long)p->retries);
    if (p->paused_until_us > p->now_us) {
        (void)strbuf_addstr(out, "  rate limit, waiting ");
        units_format_duration(p->paused_until_us - p->now_us, out);
    }
}

static void paint(struct pull_view *v, const struct hub_progress *p)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    if (v->painted && p->now_us - v->painted_us < REPAINT_US)
        return;
    add_text(v, p, &text);
    size_t columns = (size_t)terminal_columns();
    if (text.len >= columns) /* ASCII: a byte is a column */
        strbuf_truncate(&text, columns > 0 ? columns - 1 : 0);
    (void)strbuf_addf(&line, "\r%s\033[K", text.buf);
    event_line_raw(&line);
    v->painted = true;
    v->painted_us = p->now_us;
}

static void write_line(struct pull_view *v, const struct hub_progress *p)
{
    char fields[400];
    const char *format =
        v->how == PROGRESS_JSON
            ? ",\"phase\":\"%s\",\"files\":%lld,\"files_total\":%lld,\"bytes\":%lld,\"bytes_total\":%lld,\"percent\":%d,"
              "\"rate\":%.0f,\"in_flight\":%lld,\"retries\":%lld"
            : " phase=%s files=%lld files_total=%lld bytes=%lld bytes_total=%lld pct=%d rate=%.0fB/s in_flight=%lld retries=%lld";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(fields, sizeof(fields), format, p->phase, (long long)p->files_done, (long long)p->files_total, (long long)p->bytes_done,
                   (long long)p->bytes_total, percent(p), v->rate, (long long)p->in_flight, (long long)p->retries);
#pragma GCC diagnostic pop
    event_line_write(v->how, LOG_INFO, "progress", fields);
    v->line_us = p->now_us;
    v->line_percent = percent(p);
}

void pull_view_update(struct pull_view *v, const struct hub_progress *p)
{
    update_rate(v, p);
    if (v->how == PROGRESS_TTY)
        paint(v, p);
    if (v->how != PROGRESS_PLAIN && v->how != PROGRESS_JSON)
        return;
    int64_t since = (p->now_us - (v->line_us ? v->line_us : p->start_us)) / 1000000;
    if ((since >= EVENT_LINE_SECONDS && percent(p) >= v->line_percent + EVENT_LINE_PERCENT) || since >= EVENT_SILENCE_SECONDS)
        write_line(v, p);
}

void pull_view_notice(struct pull_view *v, enum log_level level, const char *kind, const char *message)
{
    CLEANUP(strbuf_release) struct strbuf fields = STRBUF_INIT;
    if (v->how != PROGRESS_JSON) { /* for people: these are few, and read */
        erase(v);
        log_line(level, "%s", message);
        return;
    }
    (void)strbuf_addstr(&fields, ",\"message\":");
    json_add_string(&fields, message, strlen(message));
    event_line_write(v->how, level, kind, fields.buf);
}

void pull_view_free(struct pull_view *v)
{
    if (!v)
        return;
    erase(v);
    free(v);
}
