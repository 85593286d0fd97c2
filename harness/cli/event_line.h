/*
 * event_line - progress off a terminal: one key=value line or one JSON object on stderr, with the time in front.
 */
#ifndef CLI_EVENT_LINE_H
#define CLI_EVENT_LINE_H

#include "base/log.h"
#include "base/strbuf.h"
#include "cli/terminal.h"

/* A line needs so much time and so much more work since the last one, or so long without any (report.md section 6). */
enum { EVENT_LINE_SECONDS = 30, EVENT_SILENCE_SECONDS = 300, EVENT_LINE_PERCENT = 5 };

/* `fields` begins with a space (PROGRESS_PLAIN) or a comma (PROGRESS_JSON). */
void event_line_write(enum progress_how how, enum log_level level, const char *event, const char *fields);
/* To stderr, as it is: progress that cannot be shown is no reason to stop. */
void event_line_raw(const struct strbuf *text);

#endif
