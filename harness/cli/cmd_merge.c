/*
 * merge: several stores of one's own into one: of shards, nights or machines.
 */
#include "cli/command.h"
#include "cli/transfer_view.h"

static enum exit_code run(const struct options *o)
{
    return transfer_in(o, &(struct transfer_order){ .file = o->argument, .file_count = o->argument_count, .roots = true });
}

const struct command cmd_merge = {
    .name = "merge",
    .arguments = "DB…",
    .min_arguments = 1,
    .max_arguments = -1,
    .help = "bring the runs of several stores into one",
    .manual = "Into the store of --db, which is made when it is new. Everything comes in one transaction: all runs of all files, or\n"
              "nothing. Ids stay, so merging twice changes nothing. A run that is in two of them and not the same is refused. The\n"
              "files are checked as `import` checks them; besides, the folders of their images are believed.\n",
    .run = run,
};
