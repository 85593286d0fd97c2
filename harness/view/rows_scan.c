#include "view/rows_scan.h"

#include <math.h>
#include <string.h>

struct row_position rows_position(const struct run_rows *rows, const struct rows_query *q, const struct browser_trial *t)
{
    const struct browser_sample *sample = run_rows_sample(rows, t);
    double key = 0;
    bool known = true;
    switch (q->sort) {
    case SORT_ORDER: key = t->endpoint; break;
    case SORT_SAMPLE: key = rows->key_rank[t->sample]; break;
    case SORT_CATEGORY: key = rows->category_rank[sample->category]; break;
    case SORT_VERDICT: key = t->verdict; break;
    case SORT_LATENCY:
        key = t->latency_ms;
        known = t->latency_ms != UINT32_MAX;
        break;
    case SORT_TOKENS:
        key = t->completion_tokens;
        known = t->completion_tokens != UINT32_MAX;
        break;
    case SORT_VALUE:
        key = (double)t->value;
        known = !isnan(t->value);
        break;
    }
    return (struct row_position){ !known ? (double)INFINITY : q->descending ? -key : key, t->id };
}

static bool before(const struct row_position *a, const struct row_position *b)
{
    return a->key < b->key || (!(b->key < a->key) && a->trial < b->trial);
}

/* ---- the heap: the last of the rows taken on top ---- */

struct taken {
    struct row_position at;
    const struct browser_trial *row;
};

static void sink(struct taken *heap, size_t count, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && before(&heap[child].at, &heap[child + 1].at))
            child++;
        if (!before(&heap[i].at, &heap[child].at))
            return;
        struct taken t = heap[i];
        heap[i] = heap[child];
        heap[child] = t;
    }
}

static void lift(struct taken *heap, size_t i)
{
    while (i > 0 && before(&heap[(i - 1) / 2].at, &heap[i].at)) {
        struct taken t = heap[i];
        heap[i] = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = t;
        i = (i - 1) / 2;
    }
}

static void take(struct taken *heap, size_t want, size_t *count, const struct taken *t)
{
    if (*count < want) {
        heap[*count] = *t;
        lift(heap, (*count)++);
    } else if (want > 0 && before(&t->at, &heap[0].at)) {
        heap[0] = *t;
        sink(heap, want, 0);
    }
}

/* ---- the filters ---- */

struct filter {
    const bool *pass[FACET_COUNT]; /* by number; NULL = every value */
    const struct rows_query *q;
};

static void filter_make(const struct run_rows *rows, const struct rows_query *q, struct arena *a, struct filter *ret)
{
    *ret = (struct filter){ .q = q };
    for (int f = 0; f < FACET_COUNT; f++) {
        const struct row_values *n = &rows->values[f];
        if (q->wanted_count[f] == 0)
            continue;
        bool *pass = arena_array(a, n->count + 1, sizeof(*pass));
        for (size_t i = 0; i < n->count; i++) {
            for (size_t k = 0; k < q->wanted_count[f] && !pass[i]; k++)
                pass[i] = strcmp(n->name[i], q->wanted[f][k]) == 0;
        }
        ret->pass[f] = pass;
    }
}

/* What is not known is in no range. */
static bool in_range(uint32_t value, int64_t min, int64_t max)
{
    return (min < 0 && max < 0) || (value != UINT32_MAX && value >= min && (max < 0 || value <= max));
}

static bool value_in_range(double value, double min, double max)
{
    return (isnan(min) && isnan(max)) || (!isnan(value) && !(value < min) && !(value > max));
}

/* How many filters hold the row back; *ret_which = the last of them. The ranges are one that nothing is counted by. */
static int held_back(const struct run_rows *rows, const struct filter *f, const struct browser_trial *t, int *ret_which)
{
    int held = 0;
    for (int i = 0; i < FACET_COUNT; i++) {
        if (f->pass[i] && !f->pass[i][run_rows_number(rows, t, (enum row_facet)i)]) {
            held++;
            *ret_which = i;
        }
    }
    if (!in_range(t->latency_ms, f->q->latency_min, f->q->latency_max) ||
        !in_range(t->completion_tokens, f->q->tokens_min, f->q->tokens_max) ||
        !value_in_range((double)t->value, f->q->value_min, f->q->value_max))
        held += 2;
    return held;
}

void rows_scan(const struct run_rows *rows, const struct rows_query *q, size_t want, struct arena *a, struct rows_scan *ret_scan)
{
    struct filter filter;
    struct rows_scan scan = { 0 };
    filter_make(rows, q, a, &filter);
    for (int f = 0; f < FACET_COUNT; f++)
        scan.facet_count[f] = arena_array(a, rows->values[f].count + 1, sizeof(int64_t));
    struct taken *heap = arena_array(a, want + 1, sizeof(*heap));
    for (size_t i = 0; i < rows->rows.trial_count; i++) {
        const struct browser_trial *t = &rows->rows.trial[i];
        int which = 0, held = held_back(rows, &filter, t, &which);
        if (held == 1)
            scan.facet_count[which][run_rows_number(rows, t, (enum row_facet)which)]++;
        if (held > 0)
            continue;
        for (int f = 0; f < FACET_COUNT; f++)
            scan.facet_count[f][run_rows_number(rows, t, (enum row_facet)f)]++;
        scan.matches++;
        struct taken candidate = { rows_position(rows, q, t), t };
        if (q->has_after && !before(&q->after, &candidate.at))
            scan.before++;
        else
            take(heap, want, &scan.count, &candidate);
    }
    scan.row = arena_array(a, scan.count + 1, sizeof(const struct browser_trial *));
    for (size_t left = scan.count; left > 0; left--) { /* the heap gives the last one first */
        scan.row[left - 1] = heap[0].row;
        heap[0] = heap[left - 1];
        sink(heap, left - 1, 0);
    }
    *ret_scan = scan;
}
