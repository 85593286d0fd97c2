/*
 * shards - the parts of one run that were asked apart (`run --shard I/N`), and one run made of them again.
 *
 * Shards of one run have the same suite, data set, selection, endpoints and scorers, and each its own part of the samples: every
 * Nth of the order of dispatch. The run made of them has every row of theirs, in the order in which an undivided run would have
 * asked. Its id follows from theirs, so that joining twice is noticed.
 *
 * Owner     a shard's row lives in the caller's arena; stores are borrowed.
 */
#ifndef STORE_SHARDS_H
#define STORE_SHARDS_H

#include "base/arena.h"
#include "store/reader.h"
#include "store/transfer.h"

struct shard {
    struct store *from;
    const char *file;
    struct run_row run;
    int index, count; /* from 0; of how many */
};

/* Whether the run is one; then *ret_shard has all but `from` and `file`. */
bool shard_of_run(const struct run_row *run, struct shard *ret_shard);
/* Whether they may be parts of one run: the same suite in as many parts. What else they need in common shards_join says. */
bool shards_belong_together(const struct shard *a, const struct shard *b);
/* Sorts them by index. ERR_INVALID with run, field and both values when they are not the N different parts of one run, each of them
   stopped or complete. Otherwise *ret_id is what their run is called. */
enum err shards_check(struct shard *shard, size_t count, struct arena *a, const char **ret_id, struct error *e) MUST_CHECK;
/* Inside a transaction of `to`, after shards_check; `id` as it gave it. sample_set_sha256 and comparability_key are NULL: they are of the
   whole run, and the caller's to find. A run of that id that is in `to` already is there_already, and nothing is added. */
enum err shards_join(const struct shard *shard, size_t count, struct store *to, const char *id, const struct transfer_options *options,
                     struct arena *a, struct transfer_result *ret_r, struct error *e) MUST_CHECK;

#endif
