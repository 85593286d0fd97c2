#include "view/rows_query.h"

#include "base/utf8.h"
#include "store/trial_lookup.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const sort_names[] = { "order", "sample", "category", "verdict", "latency", "tokens", "value" };

enum err rows_query_number(const struct view_argument *x, int64_t max, int64_t *ret, struct error *e)
{
    size_t len = strlen(x->value);
    int64_t value = 0;
    bool whole = len > 0 && len <= 12 && strspn(x->value, "0123456789") == len;
    for (size_t i = 0; whole && i < len; i++)
        value = value * 10 + (x->value[i] - '0');
    if (!whole || value > max)
        return error_set(e, ERR_INVALID, "%s: '%.40s' is no whole number up to %lld", x->name, x->value, (long long)max);
    *ret = value;
    return OK;
}

/* As the sample browser's links have it: at most 12 digits, and 6 behind a point. */
static enum err read_value(const struct view_argument *x, double *ret, struct error *e)
{
    size_t whole = strspn(x->value, "0123456789"), point = x->value[whole] == '.',
           behind = point ? strspn(x->value + whole + 1, "0123456789") : 0;
    if (whole == 0 || whole > 12 || behind > 6 || (point && behind == 0) || x->value[whole + point + behind])
        return error_set(e, ERR_INVALID, "%s: '%.40s' is no number such as 0.75", x->name, x->value);
    *ret = strtod(x->value, NULL);
    return OK;
}

static enum err read_sort(const struct view_argument *x, struct rows_query *q, struct error *e)
{
    const char *name = x->value + (x->value[0] == '-');
    for (size_t i = 0; i < ARRAY_LEN(sort_names); i++) {
        if (strcmp(name, sort_names[i]) == 0) {
            q->sort = (enum row_sort)i;
            q->descending = name != x->value;
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "sort: '%.40s' is none of order, sample, category, verdict, latency, tokens, value", name);
}

/* "KEY:TRIAL", as rows_cursor_write makes it. */
static enum err read_cursor(const struct view_argument *x, struct rows_query *q, struct error *e)
{
    char *end;
    const char *colon = strchr(x->value, ':');
    errno = 0;
    double key = strtod(x->value, &end);
    if (!colon || end != colon || colon == x->value || isnan(key) || !isdigit((unsigned char)colon[1]))
        return error_set(e, ERR_INVALID, "after: '%.40s' is no cursor of an earlier page", x->value);
    long long trial = strtoll(colon + 1, &end, 10);
    if (*end != '\0' || errno == ERANGE)
        return error_set(e, ERR_INVALID, "after: '%.40s' is no cursor of an earlier page", x->value);
    q->after = (struct row_position){ key, trial };
    q->has_after = true;
    return OK;
}

void rows_cursor_write(const struct row_position *p, char ret[ROWS_CURSOR_CHARS])
{
    (void)snprintf(ret, ROWS_CURSOR_CHARS, "%.17g:%lld", p->key, (long long)p->trial);
}

static enum err read_word(const struct view_argument *x, struct rows_query *q, struct error *e)
{
    size_t len = strlen(x->value);
    if (len > MAX_SEARCH_BYTES || !utf8_valid(x->value, len, NULL))
        return error_set(e, ERR_INVALID, "q: at most %d bytes of UTF-8", MAX_SEARCH_BYTES);
    q->word = len > 0 ? x->value : NULL;
    return OK;
}

enum err rows_query_scope(const struct view_argument *x, unsigned *scopes, bool *in_id, struct error *e)
{
    static const struct {
        const char *name;
        unsigned scope;
    } known[] = { { "prompt", TEXT_PROMPT }, { "answer", TEXT_ANSWER }, { "rationale", TEXT_RATIONALE } };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(x->value, known[i].name) == 0) {
            *scopes |= known[i].scope;
            return OK;
        }
    }
    if (strcmp(x->value, "id") != 0)
        return error_set(e, ERR_INVALID, "in: '%.40s' is none of prompt, answer, rationale, id", x->value);
    *in_id = true;
    return OK;
}

static enum err read_other(const struct view_argument *x, struct rows_query *q, struct error *e)
{
    int64_t limit = 0;
    if (strcmp(x->name, "sort") == 0)
        return read_sort(x, q, e);
    if (strcmp(x->name, "after") == 0)
        return read_cursor(x, q, e);
    if (strcmp(x->name, "q") == 0)
        return read_word(x, q, e);
    if (strcmp(x->name, "in") == 0)
        return rows_query_scope(x, &q->scopes, &q->in_id, e);
    if (strcmp(x->name, "latency_min") == 0)
        return rows_query_number(x, INT32_MAX, &q->latency_min, e);
    if (strcmp(x->name, "latency_max") == 0)
        return rows_query_number(x, INT32_MAX, &q->latency_max, e);
    if (strcmp(x->name, "tokens_min") == 0)
        return rows_query_number(x, INT32_MAX, &q->tokens_min, e);
    if (strcmp(x->name, "tokens_max") == 0)
        return rows_query_number(x, INT32_MAX, &q->tokens_max, e);
    if (strcmp(x->name, "value_min") == 0)
        return read_value(x, &q->value_min, e);
    if (strcmp(x->name, "value_max") == 0)
        return read_value(x, &q->value_max, e);
    if (strcmp(x->name, "limit") != 0)
        return error_set(e, ERR_INVALID, "'%.40s' is nothing that rows can be asked for by", x->name);
    if (rows_query_number(x, MAX_ROWS_LIMIT, &limit, e) != OK)
        return e->code;
    q->limit = limit > 0 ? (size_t)limit : 1;
    return OK;
}

static bool is_facet(const char *name, enum row_facet *ret)
{
    for (int f = 0; f < FACET_COUNT; f++) {
        if (strcmp(name, row_facet_name((enum row_facet)f)) == 0) {
            *ret = (enum row_facet)f;
            return true;
        }
    }
    return false;
}

enum err rows_query_parse(const struct view_argument *argument, size_t count, struct arena *a, struct rows_query *ret_q, struct error *e)
{
    struct rows_query q = { .latency_min = -1,
                            .latency_max = -1,
                            .tokens_min = -1,
                            .tokens_max = -1,
                            .value_min = (double)NAN,
                            .value_max = (double)NAN,
                            .limit = USUAL_ROWS_LIMIT };
    const char **wanted[FACET_COUNT] = { NULL };
    for (size_t i = 0; i < count; i++) {
        enum row_facet f;
        if (!is_facet(argument[i].name, &f)) {
            if (read_other(&argument[i], &q, e) != OK)
                return e->code;
            continue;
        }
        if (!wanted[f])
            q.wanted[f] = wanted[f] = arena_array(a, count, sizeof(*wanted[f]));
        wanted[f][q.wanted_count[f]++] = argument[i].value;
    }
    if (q.scopes == 0 && !q.in_id) {
        q.scopes = TEXT_PROMPT | TEXT_ANSWER;
        q.in_id = true;
    }
    *ret_q = q;
    return OK;
}
