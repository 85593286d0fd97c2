/*
 * pull_view - shows how far a pull is, on stderr: one repainted line on a terminal, key=value lines elsewhere, JSONL.
 *
 * Off a terminal a line needs 30 s and 5 % more since the last one, or 5 minutes; notices are lines of their own.
 */
#ifndef CLI_PULL_VIEW_H
#define CLI_PULL_VIEW_H

#include "cli/terminal.h"
#include "hub/hub_watch.h"

struct pull_view;

struct pull_view *pull_view_new(enum progress_how how);
void pull_view_update(struct pull_view *v, const struct hub_progress *p);
void pull_view_notice(struct pull_view *v, enum log_level level, const char *kind, const char *message);
/* Removes what is painted. */
void pull_view_free(struct pull_view *v);

#endif
