/*
 * label_import - a file of labels, CSV or JSONL, into the store: all of it or nothing.
 *
 * Columns   trial, answer_sha256, verdict; labeller unless one is given; note, plan and inclusion_probability if there. Others
 *           are not read. A row with an empty verdict is not labelled yet. A trial may have several labellers.
 * Errors    ERR_INVALID and ERR_SYNTAX name file:line: a trial of another run or of none, an answer that is not the stored one,
 *           a word that is no verdict, two verdicts of one labeller, a text that is not UTF-8. The store is then as before.
 */
#ifndef ENGINE_LABEL_IMPORT_H
#define ENGINE_LABEL_IMPORT_H

#include "base/clock.h"
#include "store/labels.h"

struct label_import {
    const char *run_id, *path;
    const char *labeller; /* of rows that name none; NULL = every row must */
    bool force;           /* a verdict that differs from the stored one replaces it; else it is an error */
    bool dry_run;         /* only check */
};
struct label_imported {
    int64_t rows, empty;                         /* read; of them without a verdict */
    int64_t added, updated, unchanged, repeated; /* repeated: equal to an earlier row of the file */
    int64_t labellers;
    int64_t unfit;        /* labelled rows drawn by disagreement or picked by hand: no sample of the run */
    int64_t unknown_draw; /* labelled rows that do not say how they were drawn */
};
enum err label_import(struct store *s, const struct label_import *import, const struct clock *clock, struct arena *a,
                      struct label_imported *ret_done, struct error *e) MUST_CHECK;

#endif
