/*
 * label_export - the file that people fill in: one row per drawn answer, CSV or JSONL.
 *
 * Blind unless `show_judge`: no verdict, and strata are named a and b, which is which following from the seed.
 */
#ifndef CLI_LABEL_EXPORT_H
#define CLI_LABEL_EXPORT_H

#include "base/strbuf.h"
#include "core/redact.h"
#include "engine/label_draw.h"

struct label_export {
    const struct label_draw *draw;
    enum label_plan plan;
    uint64_t seed;
    bool show_judge, jsonl;
    struct redact_list redact; /* answers and intents of these are left blank: nobody can label them from this file */
};

/* The name of the first or the other stratum; "" with the random plan. */
const char *label_stratum_name(const struct label_export *x, bool first);
/* Appends the whole file. ERR_LIMIT when it is larger than `out` may become. */
enum err label_export_write(struct store *s, const struct label_export *x, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
