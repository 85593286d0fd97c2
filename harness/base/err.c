#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum err error_set(struct error *e, enum err code, const char *format, ...)
{
    if (!e)
        return code;

    va_list args;
    va_start(args, format);
    e->code = code;
    e->os = 0;
    (void)vsnprintf(e->msg, sizeof(e->msg), format, args);
    va_end(args);
    return code;
}

enum err error_os(struct error *e, int os, const char *format, ...)
{
    if (!e)
        return ERR_IO;

    char text[sizeof(e->msg)];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);

    e->code = ERR_IO;
    e->os = os;
    char reason[128];
    (void)snprintf(e->msg, sizeof(e->msg), "%.800s: %s", text, strerror_r(os, reason, sizeof(reason)));
    return ERR_IO;
}

enum err error_prefix(struct error *e, const char *format, ...)
{
    if (!e)
        return ERR_INVALID;

    char old[sizeof(e->msg)];
    memcpy(old, e->msg, sizeof(old));
    old[sizeof(old) - 1] = '\0';

    va_list args;
    va_start(args, format);
    (void)vsnprintf(e->msg, sizeof(e->msg), format, args);
    va_end(args);

    size_t used = strlen(e->msg);
    (void)snprintf(e->msg + used, sizeof(e->msg) - used, ": %s", old);
    return e->code;
}

enum err error_suffix(struct error *e, const char *format, ...)
{
    if (!e)
        return ERR_INVALID;

    size_t used = strlen(e->msg);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(e->msg + used, sizeof(e->msg) - used, format, args);
    va_end(args);
    return e->code;
}
