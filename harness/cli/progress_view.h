/*
 * progress_view - shows a run's progress on stderr: repainted lines on a terminal, key=value lines elsewhere, JSONL.
 *
 * Off a terminal a progress line needs 30 s and 5 % more work since the last one, or 5 minutes without a line; at most
 * about 2,000 lines, then a count of what was left out (report.md section 6). The interim rate says "so far".
 */
#ifndef CLI_PROGRESS_VIEW_H
#define CLI_PROGRESS_VIEW_H

#include "base/log.h"
#include "cli/terminal.h"
#include "engine/progress.h"

struct progress_view;

struct progress_view *progress_view_new(enum progress_how how, const char *run_id, const char *name);
/* The first line off a terminal: what is about to run. */
void progress_view_start(struct progress_view *v, const char *suite, int64_t planned, size_t endpoints, int64_t seed);
void progress_view_update(struct progress_view *v, const struct progress *p);
/* Says how far the run is now, whatever was said last: lines of text, or one event where progress is written as events. */
void progress_view_snapshot(struct progress_view *v, const struct progress *p);
void progress_view_notice(struct progress_view *v, enum log_level level, const char *kind, const char *message);
void progress_view_end(struct progress_view *v, const char *status);
/* Removes what is painted and gives the cursor back. */
void progress_view_free(struct progress_view *v);

#endif
