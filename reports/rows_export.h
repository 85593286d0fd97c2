/*
 * rows_export - every trial of a run as one row, for pandas, R and spreadsheets: the long form of `report --format csv` and of `--format json`.
 *
 * CSV: RFC 4180, CRLF, every text cell quoted, numbers bare, empty where nothing is known. JSONL: an object a line with the same
 * members in the same order, null where nothing is known. `counted_as` is the one column of the counting
 * table (complied, partial, refused, deflected, blocked, unscored, failed, skipped, pending) that the trial adds one to. Texts come
 * last and only with `bodies`; those of withheld categories stay empty (null).
 */
#ifndef REPORTS_ROWS_EXPORT_H
#define REPORTS_ROWS_EXPORT_H

#include "base/strbuf.h"
#include "core/redact.h"
#include "store/reader.h"

#include <stdbool.h>

struct rows_export_options {
    bool jsonl;  /* else CSV */
    bool raw;    /* CSV: no guard against formulas */
    bool bodies; /* prompt, content, reasoning, explanation */
    struct redact_list redact;
};

/* By the primary scorer. ERR_LIMIT when the text is larger than `out` takes. */
enum err rows_export(struct store *s, const struct run_row *run, const struct rows_export_options *options, struct strbuf *out,
                     struct error *e) MUST_CHECK;

#endif
