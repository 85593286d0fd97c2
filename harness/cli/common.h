/*
 * common - what most verbs begin with: the configuration, the store, a run; and how an error becomes an exit code.
 */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include "base/arena.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "config/settings.h"
#include "store/reader.h"
#include "store/store.h"

#include <stdbool.h>

/* What a verb works with; common_close releases all of it. */
struct workspace {
    struct arena arena;
    struct settings settings;
    const char *store_path;
    struct store *store; /* NULL until common_open_store */
};

#define WORKSPACE_INIT                                                                                                                     \
    {                                                                                                                                      \
        .arena = ARENA_INIT                                                                                                                \
    }

/* Finds and reads the configuration. When there is none: the defaults if `optional`, else ERR_INVALID with advice. */
enum err common_load_settings(struct workspace *w, const struct options *o, bool optional, struct error *e) MUST_CHECK;
/* Opens the store that --db or the configuration names. Reading a store needs no valid configuration: without --db a
   configuration that does not load is an error, with it none is read. */
enum err common_open_store(struct workspace *w, const struct options *o, enum store_mode mode, struct error *e) MUST_CHECK;
/* The run's scorer of that name, its primary one when `name` is NULL; the error lists those there are. */
enum err common_find_scorer(struct workspace *w, const char *run_id, const char *name, struct scorer_row *ret_scorer,
                            struct error *e) MUST_CHECK;
/* What is withheld of a run's texts: its own list and the configuration's. */
struct redact_list common_redact(struct workspace *w, const struct run_row *run);
/* ERR_INVALID unless the run has its texts: one that was imported without them cannot be asked or scored again. */
enum err common_need_texts(struct workspace *w, const struct run_row *run, struct error *e) MUST_CHECK;
void common_close(struct workspace *w);

/* A verb that succeeds or fails: gives `act` a workspace, and the error it returns becomes the exit code. */
enum exit_code common_act(const struct options *o, enum err (*act)(struct workspace *w, const struct options *o, struct error *e));
/* Logs the error and returns the exit code that its class has by default. */
enum exit_code common_fail(const struct error *e);
/* The same for a mistake that was found before any request, of a verb that sends some: the line after it says so. */
enum exit_code common_fail_unsent(const struct error *e);
/* Reads the answer to a yes/no question from the terminal; false when there is none to ask. */
bool common_confirm(const char *question);

#endif
