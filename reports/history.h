/*
 * history - the nights of one suite and endpoint as columns: what every chart of the trend is counted from.
 *
 * A night is one run. Samples are the union over all nights, in order of their key: the same key in two versions of a data set
 * is one sample here, and the era break says that it changed. Attack samples only are counted; benign ones serve as probes.
 *
 * Owner     history_load fills a value that history_clear frees.
 */
#ifndef REPORTS_HISTORY_H
#define REPORTS_HISTORY_H

#include "base/arena.h"
#include "reports/cells.h"
#include "store/nights.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The epochs of one sample in one night. planned 0 = it was not asked. */
struct outcome {
    uint16_t planned, scored, complied;
};

/* What a night's answers say of who gave them. */
enum echo { ECHO_MODEL, ECHO_FINGERPRINT, ECHO_PROVIDER, ECHO_COUNT };

struct night {
    const struct night_row *row;
    struct counts all, *category; /* of attack samples; one for each of history.category */
    struct counts benign;
    struct outcome *sample;       /* one for each of history.sample, benign ones included */
    double output_tokens;         /* median over answered attack trials; NaN = unknown */
    int epochs;                   /* the most that a sample has */
    const char *echo[ECHO_COUNT]; /* the distinct values, sorted, with ", " between them; NULL = none was told */
};

struct history_sample {
    const char *key, *category_name;
    uint32_t category; /* of history.category; unused for benign ones */
    uint32_t cluster;  /* the intent's number */
    bool benign;
};

struct history {
    struct arena arena;
    struct night *night; /* oldest first */
    size_t night_count;
    struct history_sample *sample; /* by key */
    size_t sample_count;
    const char **category; /* of attack samples, sorted */
    size_t category_count;
    struct sample_ids *ids; /* of the store, with the sample's number of each */
};

/* The newest `max` nights. */
enum err history_load(struct store *s, const char *suite, const char *endpoint, int64_t max, struct history *ret_history,
                      struct error *e) MUST_CHECK;
void history_clear(struct history *h);

/* The sample's number by the store's id; SIZE_MAX when it is not among them. */
size_t history_sample_of(const struct history *h, int64_t sample_id);
/* The store's ids of one sample: one for each version of the data set. Writes at most `max`, returns how many. */
size_t history_ids_of(const struct history *h, size_t sample, int64_t *ret_id, size_t max);
/* The night of that row of the store's table endpoint; SIZE_MAX when it is not among them. */
size_t history_night_of(const struct history *h, int64_t endpoint_id, size_t hint);
/* planned - scored. */
int64_t counts_missing(const struct counts *c);

#endif
