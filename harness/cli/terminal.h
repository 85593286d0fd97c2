/*
 * terminal - how this process may write: colour, glyphs, width, and whether a person is watching.
 *
 * Results go to stdout, progress and log to stderr. Colour is off with NO_COLOR, TERM=dumb or off a terminal, unless
 * --color says otherwise; UTF-8 glyphs only in a UTF-8 locale (report.md section 6).
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "cli/options.h"
#include "reports/render.h"

#include <stdbool.h>

enum progress_how { PROGRESS_NONE, PROGRESS_PLAIN, PROGRESS_TTY, PROGRESS_JSON };

/* Reads --color, --progress, -q, -v; sets the log level. Once, before anything is written. */
enum err terminal_set_up(const struct options *o, struct error *e) MUST_CHECK;
/* For stdout. */
struct text_style terminal_style(void);
bool terminal_is_utf8(void);
enum progress_how terminal_progress(void);
/* Columns of stderr; 80 when unknown. */
int terminal_columns(void);
/* Writes to stdout. */
void terminal_write(const char *text, size_t len);
/* False when stdout could not take what was written (a full disk, a closed pipe): said on stderr. */
bool terminal_flush(void);

#endif
