/*
 * merge: several stores of one's own into one: of shards, nights or machines.
 */
#include "cli/command.h"
#include "cli/transfer_view.h"

static enum exit_code run(const struct options *o)
{
    return transfer_in(o,
                       &(struct transfer_order){
                           .file = o->argument, .file_count = o->argument_count, .roots = true, .join = option_given(o, OPT_JOIN_SHARDS) });
}

const struct command cmd_merge = {
    .name = "merge",
    .arguments = "DB…",
    .min_arguments = 1,
    .max_arguments = -1,
    .options = OPTION_LIST(OPT_JOIN_SHARDS),
    .help = "bring the runs of several stores into one",
    .manual = "Into the store of --db, which is made when it is new. Everything comes in one transaction: all runs of all files, or\n"
              "nothing. Ids stay, so merging twice changes nothing. A run that is in two of them and not the same is refused. The\n"
              "files are checked as `import` checks them; besides, the folders of their images are believed.\n\n"
              "--join-shards: runs of `run --shard 1/N` … `N/N` come as the one run that they are parts of, under an id of its own,\n"
              "with every row of theirs and in the order of an undivided run. All N must be there and stopped, and must have the same\n"
              "suite, data set, selection, endpoints (with address, model and parameters) and scorers, or nothing comes. An\n"
              "incomplete one makes the run incomplete: `resume` goes on with it. Other runs of the files come as they are.\n\n"
              "  gauntlet merge --join-shards a.db b.db c.db --db night.db\n",
    .run = run,
};
