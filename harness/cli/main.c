/*
 * main - argv → one command. Reads only the table of commands.
 */
#include "base/log.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *alias, *verb;
} alias[] = {
    { "doctor", "check" },
    { "--version", "version" },
    { "--help", "help" },
    { "-h", "help" },
};

#define COMMAND(name) &cmd_##name,
static const struct command *const all[] = {
#include "cli/commands.list"
    NULL
};
#undef COMMAND

const struct command *const *command_all(void)
{
    return all;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(alias); i++) {
        if (strcmp(alias[i].alias, name) == 0)
            name = alias[i].verb;
    }
    for (size_t i = 0; all[i]; i++) {
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    }
    return NULL;
}

enum exit_code command_unknown(const char *name)
{
    const char *known[ARRAY_LEN(all)];
    size_t count = 0;
    for (size_t i = 0; all[i]; i++)
        known[count++] = all[i]->name;
    const char *near = nearest_name(name, known, count);
    log_line(LOG_ERROR, "'%.60s' is not a gauntlet command%s%s%s; `gauntlet help` lists them", name, near ? "; did you mean `" : "",
             near ? near : "", near ? "`?" : "");
    return EXIT_USAGE;
}

static enum exit_code usage_error(const struct command *c, const char *message)
{
    log_line(LOG_ERROR, "%s\n  usage: gauntlet %s%s%s [options]; `gauntlet help %s` explains%s", message, c->name,
             c->arguments[0] ? " " : "", c->arguments, c->name, c->sends ? "\n  nothing was sent (exit 2)" : "");
    return EXIT_USAGE;
}

static enum exit_code run_command(const struct command *c, const struct options *o)
{
    if (option_given(o, OPT_HELP)) {
        struct options help = { 0 };
        const char *name = c->name;
        help.argument = &name;
        help.argument_count = 1;
        return cmd_help.run(&help);
    }
    struct error e;
    if (terminal_set_up(o, &e) != OK)
        return usage_error(c, e.msg);
    if ((int)o->argument_count < c->min_arguments)
        return usage_error(c, "an argument is missing");
    if (c->max_arguments >= 0 && (int)o->argument_count > c->max_arguments)
        return usage_error(c, "too many arguments");
    return c->run(o);
}

/* A standard stream that the caller has closed would go to the next file opened, and output into that file. The holders
   are opened the wrong way round, so that using the stream still fails. */
static void hold_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY); /* the lowest free number: fd itself */
    }
}

int main(int argc, char **argv)
{
    hold_standard_streams();
    (void)setlocale(LC_CTYPE, "");
    (void)signal(SIGXFSZ, SIG_IGN); /* a write beyond ulimit -f then fails like one to a full disk, and is told like it */
    if (argc < 2) {
        struct options none = { 0 };
        (void)cmd_help.run(&none);
        return EXIT_USAGE;
    }
    const struct command *c = command_find(argv[1]);
    if (!c)
        return (int)command_unknown(argv[1]);

    struct options o = { 0 };
    struct error e;
    enum exit_code code = options_parse(&o, c->options, argc - 1, argv + 1, &e) == OK ? run_command(c, &o) : usage_error(c, e.msg);
    options_release(&o);
    return terminal_flush() ? (int)code : (int)EXIT_INCOMPLETE;
}
