/*
 * view: the store in a browser, on loopback, until it is stopped.
 */
#include "base/log.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/serve.h"
#include "core/limits.h"
#include "view/view.h"

#include <errno.h>
#include <pwd.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static enum err choose_labeller(const struct options *o, struct arena *a, const char **ret_name, struct error *e)
{
    const char *name = option_value(o, OPT_LABELLER);
    if (!name) {
        const struct passwd *user = getpwuid(getuid());
        name = getenv("USER");
        name = name && *name ? name : user ? arena_strdup(a, user->pw_name) : "viewer";
    }
    size_t len = strlen(name);
    if (len == 0 || len > MAX_LABELLER_BYTES || !utf8_valid(name, len, NULL))
        return error_set(e, ERR_INVALID, "--labeller: give a name of 1 to %d bytes", MAX_LABELLER_BYTES);
    *ret_name = name;
    return OK;
}

/* The URL holds the key, and everybody on the machine can read a process's arguments: so the browser gets the name of a file that only
   we can read, which sends it on. */
static enum err write_page(const char *url, char path[], struct error *e)
{
    int fd = mkstemps(path, (int)strlen(".html"));
    if (fd < 0)
        return error_os(e, errno, "cannot make '%s' to open the browser with", path);
    bool written = dprintf(fd, "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=%s\"><title>gauntlet</title>", url) > 0;
    return close(fd) == 0 && written ? OK : error_set(e, ERR_IO, "cannot write '%s'", path);
}

static enum err open_browser(const char *url, char path[], struct error *e)
{
    char *const argv[] = { "xdg-open", path, NULL };
    pid_t pid;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_t actions;
    sigset_t none;
    enum err rc = write_page(url, path, e);
    if (rc != OK)
        return rc;
    (void)sigemptyset(&none);
    (void)posix_spawnattr_init(&attr);
    (void)posix_spawnattr_setsigmask(&attr, &none);
    (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP); /* Ctrl-C is not for the browser */
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO); /* stdout has the address and nothing else */
    int os = posix_spawnp(&pid, argv[0], &actions, &attr, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attr);
    if (os != 0)
        return error_os(e, os, "cannot run xdg-open");
    return OK;
}

static enum exit_code serve(struct workspace *w, const struct options *o, const sigset_t *set, struct error *e)
{
    struct view *view;
    char page[] = "/tmp/gauntlet-view-XXXXXX.html";
    struct view_options options = {
        .listen = option_given(o, OPT_LISTEN) ? option_value(o, OPT_LISTEN) : "127.0.0.1:0",
        .store_path = store_path(w->store),
        .run = o->argument_count ? o->argument[0] : NULL,
        .baseline = option_value(o, OPT_BASELINE),
        .redact = { w->settings.redact, w->settings.redact_given },
    };
    if (choose_labeller(o, &w->arena, &options.labeller, e) != OK || view_start(&options, &view, e) != OK)
        return common_fail(e);
    serve_say_url(view_url(view), option_given(o, OPT_JSON));
    bool opened = option_given(o, OPT_OPEN);
    if (opened && open_browser(view_url(view), page, e) != OK)
        log_line(LOG_WARN, "%s; open the address yourself", e->msg);
    log_line(LOG_INFO, "labels are by %s; Ctrl-C ends it", options.labeller);
    serve_until_signal(set);
    if (opened)
        (void)unlink(page);
    view_stop(view);
    return EXIT_OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    sigset_t set;
    struct workspace w = WORKSPACE_INIT;
    serve_block_signals(&set);
    enum exit_code code = common_open_store(&w, o, STORE_READ, &e) == OK ? serve(&w, o, &set, &e) : common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_view = {
    .name = "view",
    .arguments = "[RUN]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_BASELINE, OPT_LISTEN, OPT_LABELLER, OPT_OPEN),
    .help = "browse the store in a browser, on this machine only; label by keyboard",
    .manual = "Serves pages on 127.0.0.1 until Ctrl-C and prints their address, which holds a random key: whoever has it sees what the\n"
              "store holds. Without RUN it begins with the list of runs. A run that is going on is shown as it goes: progress, ASR so\n"
              "far, worst categories, errors, cost. Every sample can be found, filtered and searched, images in full. Nothing is\n"
              "written but labels, by --labeller or the user's name. Categories of redact_categories are withheld here too.\n"
              "--baseline RUN shows what changed since that run: RUN's samples by change, and the baseline's answer beside the one here.\n"
              "The address answers to loopback only. From another machine: ssh -L PORT:127.0.0.1:PORT, with the same PORT twice.\n",
    .run = run,
};
