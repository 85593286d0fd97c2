/* What judges will be asked, and what that costs. */
#include "engine/estimate.h"
#include "engine/lane.h"
#include "engine/spending.h"
#include "score/rubric.h"
#include "score/scorer.h"

#include <string.h>

enum { MIN_OUTPUT = 16, INTENT_TOKENS = 200 /* an intent, and the marks around the answer: at most about so many */ };

/* One scorer's questions to one judge. */
static void add_questions(const struct scorer *s, const struct endpoint_config *judge, const struct estimate *targets, struct estimate *e)
{
    const struct rubric *r = s->rubric;
    struct token_range texts = spending_texts(r->system, r->prompt);
    int64_t n = targets->trials, most = r->max_tokens > 0 ? r->max_tokens : judge->params.max_tokens;
    e->trials += n;
    e->prompt.low += n * texts.low + targets->output.low;
    e->prompt.high += n * (texts.high + INTENT_TOKENS) + targets->output.high;
    if (r->wants_images) {
        e->prompt.low += targets->prompt.low;
        e->prompt.high += targets->prompt.high;
    }
    e->output.low += n * (most < MIN_OUTPUT ? most : MIN_OUTPUT);
    e->output.high += n * most;
}

static bool votes(const struct scorer *s, const char *judge)
{
    for (size_t i = 0; s->rubric && i < s->panel_count; i++) {
        if (strcmp(s->judge[i], judge) == 0)
            return true;
    }
    return false;
}

void estimate_judges(struct scorer *const *scorer, size_t count, const struct settings *settings, const struct estimate *targets,
                     void (*each)(const struct estimate *estimate, void *context), void *context)
{
    for (size_t i = 0; settings && i < settings->endpoint_count; i++) {
        const struct endpoint_config *judge = &settings->endpoint[i];
        struct estimate e = { .endpoint = judge->name, .judge = true };
        for (size_t k = 0; k < count; k++) {
            if (scorer[k] && votes(scorer[k], judge->name))
                add_questions(scorer[k], judge, targets, &e);
        }
        if (e.trials == 0)
            continue;
        const struct estimate_basis basis = {
            .config = judge, .price = lane_config_price(judge), .trials = e.trials, .max_in_flight = settings->max_in_flight
        };
        estimate_price(&basis, &e);
        each(&e, context);
    }
}
