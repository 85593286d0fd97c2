/*
 * check_report - the findings of `check`, gathered by problem: a table for people, a document for machines.
 *
 * A problem is a code with an outcome. Of each the first few findings are kept as examples for the table, and at most
 * MAX_LISTED for the document; the counts are of all.
 *
 * Owner     check_report_init/check_report_release; findings are copied.
 */
#ifndef CLI_CHECK_REPORT_H
#define CLI_CHECK_REPORT_H

#include "engine/check.h"

#include <cjson/cJSON.h>

struct check_problem {
    char code[8];
    enum finding_outcome outcome;
    int64_t count;
    struct strbuf examples; /* lines */
    size_t example_count;
};

struct check_report {
    struct check_problem *problem;
    size_t count, cap;
    size_t examples; /* at most so many lines a problem */
    cJSON *findings; /* an array; the document's once it was given away */
    int64_t by_outcome[4];
};

/* `examples`: how many findings of a problem people see. */
void check_report_init(struct check_report *r, size_t examples);
void check_report_release(struct check_report *r);
void check_report_add(struct check_report *r, const struct check_finding *f);
/* Appends the table, worst first, notes only when asked for; nothing when there is nothing to tell. */
void check_report_text(struct check_report *r, bool notes, struct strbuf *out);
/* Adds problems, findings and the counts by outcome. */
void check_report_json(struct check_report *r, cJSON *document);

#endif
