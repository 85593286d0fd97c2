/*
 * browser_rows - all trials of a run as the sample browser has them: small rows that index lists of names.
 *
 * 47,524 samples x 3 endpoints are about 12 MB. Trials stand in the order of the store: endpoint after endpoint, each in dispatch order;
 * samples in the order in which they are first met.
 *
 * Owner     browser_rows_load fills a value that browser_rows_release frees, whatever it returned.
 */
#ifndef REPORTS_BROWSER_ROWS_H
#define REPORTS_BROWSER_ROWS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/redact.h"
#include "reports/name_table.h"
#include "store/store.h"
#include "store/writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The one column of the counting table that a trial adds 1 to (schema.sql: v_verdict.counted_as). */
enum browser_verdict {
    BROWSER_COMPLIED,
    BROWSER_PARTIAL,
    BROWSER_REFUSED,
    BROWSER_DEFLECTED,
    BROWSER_BLOCKED,
    BROWSER_UNSCORED,
    BROWSER_FAILED,
    BROWSER_SKIPPED,
    BROWSER_PENDING,
    BROWSER_VERDICTS
};
enum { BROWSER_NO_BASE = 255 };
extern const char *const browser_verdict_name[BROWSER_VERDICTS];

enum browser_sample_flag { BROWSER_BENIGN = 1u << 0, BROWSER_WITHHELD = 1u << 1 /* on the redaction list */ };
struct browser_sample {
    int64_t id;
    const char *key;
    uint32_t intent, category, subcategory, attack;
    uint8_t flags;
    bool embedded; /* its prompt and images go into the page */
};

enum browser_trial_flag {
    BROWSER_EMBEDDED = 1u << 0, /* its texts go into the page */
    BROWSER_SPLIT = 1u << 1,    /* judges gave different verdicts */
    BROWSER_FILTERED = 1u << 2  /* a content filter answered in the model's place: status blocked, whatever the verdict */
};
struct browser_trial {
    int64_t id, base_id; /* base_id: the trial that it is held against; 0 = none, or withheld there */
    uint32_t sample, reason, finish;
    uint32_t latency_ms, prompt_tokens, completion_tokens; /* UINT32_MAX = unknown */
    float value;                                           /* NaN = none */
    uint16_t epoch;
    uint8_t endpoint, verdict, base, flags; /* base: its verdict in the baseline, or BROWSER_NO_BASE */
};

struct browser_rows {
    struct arena arena; /* the texts */
    struct names category, subcategory, attack, intent, reason, finish;
    struct browser_sample *sample;
    size_t sample_count, sample_cap;
    struct browser_trial *trial;
    size_t trial_count, trial_cap;
    const struct endpoint_row *endpoint;
    size_t endpoint_count;
    const char *run_id, *scorer, *base; /* base: the baseline's run id; NULL = none */
    const char *system;                 /* what was sent ahead of every prompt, role system; NULL = nothing */
    uint32_t *slot;                     /* samples by id: open addressing over numbers + 1 */
    size_t slot_count;
};

/* The run that another is held against. */
struct browser_base {
    const char *run;           /* NULL = none */
    struct redact_list redact; /* whose texts it withholds */
};

/* Everything of `run_id` under its primary scorer. A `base` (NULL = none) gives each trial that of the same sample and epoch there, at
   the endpoint of the same name, or at its only one. */
enum err browser_rows_load(struct store *s, const char *run_id, const struct browser_base *base, const struct redact_list *redact,
                           struct browser_rows *ret_rows, struct error *e) MUST_CHECK;
void browser_rows_release(struct browser_rows *r);

#endif
