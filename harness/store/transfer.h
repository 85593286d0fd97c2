/*
 * transfer - a run on its way from one store into another: what `export`, `import` and `merge` do.
 *
 * Everything that belongs to a run goes: endpoints with their evidence, scorers, samples, images' names and hashes, trials, attempts,
 * replies, verdicts, judges' answers, labels, events. Ids of runs stay; numbers are given anew, so that they are free in the store they
 * come to. An endpoint's trials stay one range in the same order. Names of baselines are this store's own and stay behind.
 *
 * Without bodies, and for withheld categories whatever was asked, the texts stay behind: prompts, contexts, further columns, names of
 * images, answers, raw replies and their headers, explanations, notes. Ids, verdicts, values, hashes, times and counts go. The data set
 * then has another rows_sha256 (`…+none`, `…+withheld`), so that no later run takes such samples for whole ones; store_run_texts tells.
 *
 * Errors    ERR_INVALID where the two stores contradict each other or the source its own rules; the caller rolls back.
 */
#ifndef STORE_TRANSFER_H
#define STORE_TRANSFER_H

#include "core/redact.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct transfer_options {
    bool bodies;
    struct redact_list redact; /* never with their texts */
    bool roots;                /* also where images lie: a path of the other machine */
};

struct transfer_result {
    bool there_already;                         /* the same run was in `to`: nothing but new labels was added */
    int64_t trials, attempts, labels, withheld; /* labels: added ones; withheld: trials that left their texts behind */
};

/* Inside a transaction of `to`; `from` may be a foreign file (store_open_foreign). A run that is in both and not the same is
   ERR_INVALID. */
enum err store_transfer_run(struct store *from, struct store *to, const char *run_id, const struct transfer_options *options,
                            struct transfer_result *ret_r, struct error *e) MUST_CHECK;

/* A run on its way into one that several make up (shards.h): its trials are every count-th of each epoch's `samples`. */
struct transfer_part {
    const char *into; /* the id of that run, which the first part makes */
    int64_t index, count, samples;
};
/* Inside a transaction of `to`. ERR_INVALID when the run is not that part: a number of trials that does not fit, or a sample that an
   earlier part has. */
enum err store_transfer_part(struct store *from, struct store *to, const char *run_id, const struct transfer_part *part,
                             const struct transfer_options *options, struct transfer_result *ret_r, struct error *e) MUST_CHECK;

enum run_texts { RUN_TEXTS_WHOLE, RUN_TEXTS_WITHHELD, RUN_TEXTS_NONE };
/* Whether the texts of a run came with it. Only a whole one can be resumed or scored again. */
enum err store_run_texts(struct store *s, const char *run_id, enum run_texts *ret_texts, struct error *e) MUST_CHECK;

#endif
