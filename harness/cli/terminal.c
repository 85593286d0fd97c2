#include "cli/terminal.h"

#include "base/log.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Set once by terminal_set_up, before any thread starts; read-only afterwards. */
static bool color;
static enum progress_how progress = PROGRESS_NONE;
/* The first failure of stdout; 0 = none. Only the main thread writes there. */
static int write_error;

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && value[0];
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || strcmp(term, "dumb") == 0;
}

static enum err choose_color(const char *when, struct error *e)
{
    if (!when || strcmp(when, "auto") == 0)
        color = !is_set("NO_COLOR") && !is_dumb() && (isatty(STDOUT_FILENO) || is_set("CLICOLOR_FORCE"));
    else if (strcmp(when, "always") == 0 || strcmp(when, "never") == 0)
        color = when[0] == 'a';
    else
        return error_set(e, ERR_INVALID, "--color: '%.40s' is none of auto, always, never", when);
    return OK;
}

static enum err choose_progress(const char *how, bool quiet, struct error *e)
{
    static const struct {
        const char *name;
        enum progress_how how;
    } known[] = { { "tty", PROGRESS_TTY }, { "plain", PROGRESS_PLAIN }, { "json", PROGRESS_JSON }, { "none", PROGRESS_NONE } };

    if (!how || strcmp(how, "auto") == 0) {
        bool watched = isatty(STDERR_FILENO) && !is_dumb() && !is_set("CI");
        progress = quiet ? PROGRESS_NONE : watched ? PROGRESS_TTY : PROGRESS_PLAIN;
        return OK;
    }
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i].name, how) == 0) {
            progress = known[i].how;
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "--progress: '%.40s' is none of auto, tty, plain, json, none", how);
}

enum err terminal_set_up(const struct options *o, struct error *e)
{
    bool quiet = option_given(o, OPT_QUIET);
    log_set_level(quiet ? LOG_ERROR : option_given(o, OPT_VERBOSE) ? LOG_DEBUG : LOG_INFO);
    enum err rc = choose_color(option_value(o, OPT_COLOR), e);
    return rc != OK ? rc : choose_progress(option_value(o, OPT_PROGRESS), quiet, e);
}

bool terminal_is_utf8(void)
{
    return utf8_is_locale();
}

int terminal_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

struct text_style terminal_style(void)
{
    struct winsize size;
    int columns = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
    return (struct text_style){ .color = color, .unicode = terminal_is_utf8(), .columns = columns };
}

enum progress_how terminal_progress(void)
{
    return progress;
}

void terminal_write(const char *text, size_t len)
{
    if (fwrite(text, 1, len, stdout) != len && write_error == 0)
        write_error = errno; /* terminal_flush reports it */
}

bool terminal_flush(void)
{
    if (fflush(stdout) != 0 && write_error == 0)
        write_error = errno;
    if (write_error == 0)
        return true;
    if (write_error != EPIPE)
        log_line(LOG_ERROR, "cannot write to standard output: %s", strerrordesc_np(write_error));
    return false;
}
