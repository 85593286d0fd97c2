#include "reports/rows.h"

#include "base/vec.h"
#include "store/reader.h"

#include <stdlib.h>
#include <string.h>

/* A server's count of tokens is whatever it says. */
static int32_t narrow(int64_t tokens)
{
    return tokens > INT32_MAX ? INT32_MAX : (int32_t)tokens;
}

static enum err take_row(const struct report_row *from, void *context, struct error *e)
{
    (void)e;
    struct rows *r = context;
    r->row = vec_grow(r->row, r->count, &r->cap, sizeof(*r->row));
    r->row[r->count++] = (struct row){
        .trial_id = from->trial_id,
        .latency_us = from->latency_us,
        .cost_usd = from->cost_usd,
        .value = (float)from->value,
        .sample = names_intern(&r->sample, from->sample_key, &r->arena),
        .category = names_intern(&r->category, from->category, &r->arena),
        .subcategory = names_intern(&r->subcategory, from->subcategory, &r->arena),
        .attack = names_intern(&r->attack, from->attack, &r->arena),
        .intent = names_intern(&r->intent, from->intent_id, &r->arena),
        .twin = names_intern(&r->twin, from->twin, &r->arena),
        .reason = names_intern(&r->reason, from->reason, &r->arena),
        .score_reason = names_intern(&r->reason, from->score_reason, &r->arena),
        .epoch = from->epoch,
        .prompt_tokens = narrow(from->prompt_tokens),
        .completion_tokens = narrow(from->completion_tokens),
        .status = (uint8_t)from->status,
        .verdict = (uint8_t)from->verdict,
        .has_score = from->has_score,
        .benign = from->expected == EXPECTED_BENIGN,
    };
    if (from->latency_us >= 0)
        histogram_add(&r->latency, from->latency_us);
    if (from->first_byte_us >= 0)
        histogram_add(&r->first_byte, from->first_byte_us);
    if (from->latency_us >= 0 && from->wait_us >= 0)
        histogram_add(&r->from_ready, from->wait_us + from->latency_us);
    if (from->prompt_tokens > 0)
        r->prompt_tokens += from->prompt_tokens;
    if (from->completion_tokens > 0)
        r->completion_tokens += from->completion_tokens;
    return OK;
}

enum err rows_load(struct store *s, int64_t endpoint_id, int64_t scorer_id, struct rows *ret_rows, struct error *e)
{
    memset(ret_rows, 0, sizeof(*ret_rows));
    enum err rc = store_report_rows(s, endpoint_id, scorer_id, take_row, ret_rows, e);
    if (rc != OK)
        rows_clear(ret_rows);
    return rc;
}

void rows_clear(struct rows *r)
{
    names_release(&r->sample);
    names_release(&r->category);
    names_release(&r->subcategory);
    names_release(&r->attack);
    names_release(&r->intent);
    names_release(&r->twin);
    names_release(&r->reason);
    free(r->row);
    arena_release(&r->arena);
    memset(r, 0, sizeof(*r));
}
