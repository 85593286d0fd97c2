/*
 * rows_query - which rows of a run somebody asks for, read from the arguments of a URL.
 *
 *   a facet of run_rows.h             only rows with this value; repeated: any of the values
 *   latency_min, latency_max (ms), tokens_min, tokens_max (of the answer), value_min, value_max (the scorer's number)
 *   sort = order, sample, category, verdict, latency, tokens, value; with `-` before it: the other way round. Rows without a value last
 *   limit = 1 … 500 (100), after = the cursor that the page before gave
 *   q = a word in a text, in = prompt, answer, rationale, id (repeated; all but rationale when none is named)
 *
 * Values are borrowed from the arguments.
 */
#ifndef VIEW_ROWS_QUERY_H
#define VIEW_ROWS_QUERY_H

#include "view/run_rows.h"
#include "view/view_exchange.h"

enum { MAX_ROWS_LIMIT = 500, USUAL_ROWS_LIMIT = 100, MAX_SEARCH_BYTES = 200, ROWS_CURSOR_CHARS = 64 };

enum row_sort { SORT_ORDER, SORT_SAMPLE, SORT_CATEGORY, SORT_VERDICT, SORT_LATENCY, SORT_TOKENS, SORT_VALUE };

/* Where a row stands in the order asked for: before another when its key is lower, or equal and its id lower. */
struct row_position {
    double key;
    int64_t trial;
};

struct rows_query {
    const char *const *wanted[FACET_COUNT];
    size_t wanted_count[FACET_COUNT];
    int64_t latency_min, latency_max, tokens_min, tokens_max; /* -1 = any */
    double value_min, value_max;                              /* NaN = any */
    enum row_sort sort;
    bool descending, has_after;
    struct row_position after;
    size_t limit;
    const char *word; /* NULL = no search */
    unsigned scopes;  /* enum text_scope, of the texts */
    bool in_id;
};

/* ERR_INVALID names the argument and what it may be. */
enum err rows_query_parse(const struct view_argument *argument, size_t count, struct arena *a, struct rows_query *ret_q,
                          struct error *e) MUST_CHECK;
/* Adds what an argument `in` names to *scopes (enum text_scope), or sets *in_id. */
enum err rows_query_scope(const struct view_argument *x, unsigned *scopes, bool *in_id, struct error *e) MUST_CHECK;
/* A whole number from 0 to `max`. */
enum err rows_query_number(const struct view_argument *x, int64_t max, int64_t *ret, struct error *e) MUST_CHECK;
void rows_cursor_write(const struct row_position *p, char ret[ROWS_CURSOR_CHARS]);

#endif
