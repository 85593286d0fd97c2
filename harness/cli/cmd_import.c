/*
 * import: a run that somebody exported, into this store.
 */
#include "cli/command.h"
#include "cli/transfer_view.h"

static enum exit_code run(const struct options *o)
{
    return transfer_in(o, &(struct transfer_order){ .file = o->argument, .file_count = o->argument_count });
}

const struct command cmd_import = {
    .name = "import",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .help = "bring the runs of an exported file into the store",
    .manual = "FILE is what `export` wrote, or any store. It is not trusted: it is opened for reading only, must be whole, of this\n"
              "version and made of a store's own tables, and whatever it says is checked again as it is written. All of its runs\n"
              "come, or none. Ids stay, so importing twice changes nothing; labels that are new come. A run that is in both and not\n"
              "the same is refused. Where images lie is another machine's business: a run of the same data set here tells it again.\n",
    .run = run,
};
