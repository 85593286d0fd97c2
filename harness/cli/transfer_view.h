/*
 * transfer_view - what `import` and `merge` share: the runs of foreign stores come in, all or none, and what came is told.
 */
#ifndef CLI_TRANSFER_VIEW_H
#define CLI_TRANSFER_VIEW_H

#include "cli/common.h"

struct transfer_order {
    const char *const *file;
    size_t file_count;
    bool roots; /* stores of one's own: where images lie comes too */
    bool join;  /* shards become one run in place of many */
};

/* Opens the store of --db or the configuration (making it when it is new), brings every run of every file in one transaction, prints
   a table or one JSON document. */
enum exit_code transfer_in(const struct options *o, const struct transfer_order *order);

#endif
