/*
 * probes - a few samples whose answers are read word by word, night after night: has the model behind them been exchanged?
 *
 * Up to 25 samples of the newest counted night: benign ones where the suite has some, else attack samples, spread evenly over
 * their keys. Of each answer the first 256 characters count (about 64 tokens), of each night the first 10 epochs.
 */
#ifndef REPORTS_PROBES_H
#define REPORTS_PROBES_H

#include "reports/eras.h"
#include "reports/history.h"
#include "store/store.h"

enum { MAX_PROBES = 25, PROBE_CHARS = 256, MAX_PROBE_EPOCHS = 10 };

struct probes {
    const char *kind; /* "benign", "attack"; NULL = there is none: no night is counted */
    size_t sample[MAX_PROBES], count;
    size_t epochs;       /* that are kept of each night */
    const char **answer; /* by night, probe and epoch: probes_answer */
};

/* In the arena. `max` as in history_load. */
enum err probes_load(struct store *s, const char *suite, const char *endpoint, int64_t max, const struct history *h,
                     const struct eras *eras, struct arena *a, struct probes *ret_p, struct error *e) MUST_CHECK;
/* Epochs count from 0; NULL = there is no answer. */
const char *probes_answer(const struct probes *p, size_t night, size_t probe, size_t epoch);

#endif
