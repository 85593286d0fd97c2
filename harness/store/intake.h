/*
 * intake - takes a data set's samples in, chooses and orders them, and makes the trials of a run.
 *
 * Samples stream through a temporary table on disk, so memory does not grow with the set. Everything between
 * intake_begin and intake_finish is one transaction: a run is planned whole or not at all.
 *
 * Identity  a data set's row is found again when name, version, recipe, files and every sample as it was taken in (with the
 *           names and sizes of its images) are the same, so runs of one selection share their sample rows.
 *
 * Order     file: as the data set has them. random: by a seeded hash of the sample id. stratified: proportional over
 *           category × attack, and over intents within, by a seeded hash, so that any prefix is a fair sample.
 *           per intent: likewise, but one sample of every intent comes before the second of any.
 *           The limit takes a prefix of that order; the shard takes every count-th sample of it.
 *
 * Trials    of one endpoint get consecutive ids in dispatch order (epoch by epoch), stored as endpoint.first_trial and
 *           .last_trial, so that planning a resume is a range scan.
 */
#ifndef STORE_INTAKE_H
#define STORE_INTAKE_H

#include "core/sample.h"
#include "store/store.h"

#include <stdint.h>

enum intake_order { INTAKE_FILE, INTAKE_RANDOM, INTAKE_STRATIFIED, INTAKE_PER_INTENT };

struct intake_dataset { /* a `dataset` row; found again by name, version, recipe, files and image sizes */
    const char *name, *version, *source, *revision, *license, *root; /* "" = unknown → NULL */
    const char *recipe_sha256, *files_sha256;
    bool verified;
};

struct intake_options {
    enum intake_order order;
    uint64_t seed;
    int64_t limit;                /* 0 = all */
    int shard_index, shard_count; /* 0, 1 = everything */
    int epochs;
    int64_t excluded; /* rows left out as invalid: recorded with the run */
};

struct intake_counts {
    int64_t dataset_samples;                                     /* taken in, before limit and shard */
    int64_t samples, intents, categories, subcategories, trials; /* planned */
};

/* Begins the transaction unless one is open. */
enum err intake_begin(struct store *s, struct error *e) MUST_CHECK;
/* ERR_INVALID when the id was there before. */
enum err intake_add(struct store *s, const struct sample *sample, struct error *e) MUST_CHECK;
/* Writes dataset, sample, image and trial rows, sets run.dataset_id and endpoint.first_trial/last_trial for every
   endpoint row of the run. The run and its endpoints must have been inserted in the same transaction. Commits.
   A selection of no samples plans no trials and is OK: the counts say so. After a failure nothing of it is left. */
enum err intake_finish(struct store *s, const char *run_id, const struct intake_dataset *dataset, const struct intake_options *options,
                       struct intake_counts *ret_counts, struct error *e) MUST_CHECK;
/* Rolls back; nothing happens when no intake is open. */
void intake_abort(struct store *s);

#endif
