#include "engine/apart.h"

#include "engine/judging.h"

#include <string.h>
#include <strings.h>

static const char reason[] = "provider_mismatch";

bool apart_notice(struct pipeline *p, struct lane *lane, const char *echo)
{
    if (!lane->expected_provider || !echo[0] || strcasecmp(lane->expected_provider, echo) == 0)
        return false;
    if (!atomic_exchange(&lane->mismatch_told, true))
        pipeline_notice(p, LOG_WARN, reason,
                        "endpoint '%s' asks for provider '%s', and '%.100s' answered: such answers are kept apart and enter no rate",
                        lane->config->name, lane->expected_provider, echo);
    return true;
}

bool apart_before(const struct given_verdict *verdict, size_t count)
{
    bool apart = false;
    for (size_t i = 0; i < count; i++)
        apart = apart || strcmp(verdict[i].reason, reason) == 0;
    return apart;
}

struct score apart_score(const char *explanation)
{
    return (struct score){ .verdict = VERDICT_UNSCORED, .reason = reason, .explanation = explanation };
}

void apart_keep(const struct pipeline *p, struct trial *t)
{
    const bool *done = t->judging ? t->judging->done : NULL;
    const char *explanation =
        t->recalled ? "another provider answered"
                    : arena_printf(&t->arena, "answered by '%s', not by '%s'", t->facts.provider_echo, t->lane->expected_provider);
    t->score = arena_array(&t->arena, p->scorer_count, sizeof(*t->score));
    t->scored = arena_array(&t->arena, p->scorer_count, sizeof(*t->scored));
    for (size_t i = 0; i < p->scorer_count; i++) {
        t->scored[i] = !done || !done[i];
        t->score[i] = apart_score(explanation);
    }
}
