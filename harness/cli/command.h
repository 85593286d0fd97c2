/*
 * command - one verb: what it takes, what it says of itself, and the function that does it.
 *
 * To add a verb: one file cmd_<verb>.c with a `const struct command`, one line in commands.list.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/exit_code.h"
#include "cli/options.h"

#include <stdbool.h>
#include <stdint.h>

struct command {
    const char *name;
    const char *arguments;            /* "SUITE", "RUN…", "" */
    int min_arguments, max_arguments; /* -1 = any number */
    const enum option_id *options;    /* besides the common ones: OPTION_LIST(…); NULL = none */
    const char *help;                 /* one line */
    const char *manual;               /* paragraphs for `gauntlet help VERB` */
    bool sends;                       /* asks endpoints: a mistake in its arguments says that nothing was sent */
    enum exit_code (*run)(const struct options *o);
};

#define COMMAND(name) extern const struct command cmd_##name;
#include "cli/commands.list"
#undef COMMAND

/* By name or alias; NULL when there is none. */
const struct command *command_find(const char *name);
/* Logs that there is none of that name, and which is near; the exit code that follows. */
enum exit_code command_unknown(const char *name);
/* In the order of commands.list; NULL after the last. */
const struct command *const *command_all(void);

#endif
