#include "cli/event_line.h"

#include "base/clock.h"

#include <unistd.h>

void event_line_raw(const struct strbuf *text)
{
    (void)!write(STDERR_FILENO, text->buf, text->len);
}

void event_line_write(enum progress_how how, enum log_level level, const char *event, const char *fields)
{
    static const char *const word[] = { [LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "info" };
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf time = STRBUF_INIT;
    clock_format_utc(clock_wall_us(&clock_real), false, &time);
    if (how == PROGRESS_JSON)
        (void)strbuf_addf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"%s}\n", time.buf, word[level], event, fields);
    else
        (void)strbuf_addf(&line, "time=%s level=%s event=%s%s\n", time.buf, word[level], event, fields);
    event_line_raw(&line);
}
