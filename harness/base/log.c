#include "base/log.h"

#include "base/text_safe.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Atomic int current_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&current_level, (int)level);
}

enum log_level log_level(void)
{
    return (enum log_level)atomic_load(&current_level);
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const prefix[] = { "error: ", "warning: ", "", "debug: " };
    if ((int)level > atomic_load(&current_level))
        return;

    char line[4096];
    int used = snprintf(line, sizeof(line), "%s", prefix[level]);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + used, sizeof(line) - (size_t)used - 1, format, args);
    va_end(args);

    (void)more;
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_lines(line, strlen(line), "", &safe);
    (void)strbuf_addch(&safe, '\n');
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    utf8_add_own(safe.buf, safe.len, &shown);
    (void)!write(STDERR_FILENO, shown.buf, shown.len); /* nowhere left to report a failed report */
}
