/*
 * log - lines for the person at the terminal, on stderr.
 *
 * Rooms below cli are silent above debug; cli and engine/progress log at the edge. The level is one of the program's
 * two globals. A line is made safe for terminals and CI logs as it is written; text from outside that shall be one line, or cut, goes
 * through text_safe first.
 *
 * Threads   any; one line is one write.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/cleanup.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);
enum log_level log_level(void);
/* "error: …", "warning: …", "…" or "debug: …" and a newline. */
void log_line(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
