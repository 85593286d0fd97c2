#include "engine/session_judges.h"

#include "core/limits.h"
#include "engine/judge_canary.h"
#include "score/rubric.h"

#include <stdlib.h>
#include <string.h>

/* Every endpoint that a scorer names, once. */
static size_t list_judges(const struct pipeline *p, const char **name, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < p->scorer_count; i++) {
        for (size_t k = 0; k < p->scorer[i]->judge_count; k++) {
            const char *judge = p->scorer[i]->judge[k];
            bool known = false;
            for (size_t n = 0; n < count; n++)
                known = known || strcmp(name[n], judge) == 0;
            if (!known && count < max)
                name[count++] = judge;
        }
    }
    return count;
}

/* A model does not judge itself unnoticed: a stand-in that turned out to be the model under test has spoilt results before. */
static enum err check_self_judge(const struct pipeline *p, const struct endpoint_config *judge, struct error *e)
{
    for (size_t i = 0; i < p->scorer_count; i++) {
        const struct scorer *s = p->scorer[i];
        bool asked = false;
        for (size_t k = 0; k < s->judge_count; k++)
            asked = asked || strcmp(s->judge[k], judge->name) == 0;
        for (size_t k = 0; asked && !s->self_judge && k < p->target_count; k++) {
            if (strcmp(p->lane[k].config->model, judge->model) == 0)
                return error_set(e, ERR_INVALID,
                                 "scorer '%s': judge '%s' is the model under test (endpoint '%s', %s); name another judge, or say "
                                 "`allow_self_judge: true`",
                                 s->name, judge->name, p->lane[k].config->name, judge->model);
        }
    }
    return OK;
}

static enum err add_lane(struct session *s, struct lane *lane, const char *name, struct error *e)
{
    struct pipeline *p = &s->p;
    const struct settings *settings = s->options->settings;
    const struct endpoint_config *config = settings_endpoint(settings, name);
    if (!config)
        return error_set(e, ERR_INVALID, "judge '%s' is not in %s", name, settings->path ? settings->path : "the configuration");
    bool sim = s->options->base_url != NULL;
    if ((!sim && settings_require_ready(settings, config, e) != OK) || check_self_judge(p, config, e) != OK)
        return e->code;
    struct endpoint_row row = { .run_id = p->run_id,
                                .name = config->name,
                                .protocol = config->protocol,
                                .base_url = config->base_url,
                                .model = config->model,
                                .provider = config->provider,
                                .price = lane_config_price(config) };
    return lane_init(lane, config, &row, s->options->base_url, settings->max_in_flight, e);
}

static enum err add_lanes(struct session *s, const char *const *name, size_t count, struct error *e)
{
    struct pipeline *p = &s->p;
    struct lane *lane = xcalloc(p->target_count + count, sizeof(*lane));
    if (p->target_count > 0)
        memcpy(lane, p->lane, p->target_count * sizeof(*lane));
    free(p->lane);
    p->lane = lane;
    for (size_t i = 0; i < count; i++) {
        struct lane *judge = &lane[p->target_count + i];
        if (add_lane(s, judge, name[i], e) != OK)
            return e->code;
        judge->dispatcher = (int)((p->target_count + i) % p->dispatcher_count);
        p->lane_count++;
        judge->credential = session_credential_of(p, p->target_count + i);
    }
    return OK;
}

static struct lane *lane_of(struct pipeline *p, const char *judge)
{
    for (size_t i = p->target_count; i < p->lane_count; i++) {
        if (strcmp(p->lane[i].config->name, judge) == 0)
            return &p->lane[i];
    }
    return NULL;
}

static void make_canaries(struct session *s, size_t most)
{
    struct pipeline *p = &s->p;
    p->canary = arena_array(&s->arena, most, sizeof(*p->canary));
    for (size_t i = 0; i < p->scorer_count; i++) {
        struct scorer *scorer = p->scorer[i];
        p->judges_see_images = p->judges_see_images || (scorer->rubric && scorer->rubric->wants_images);
        for (size_t k = 0; scorer->rubric && k < scorer->judge_count; k++)
            p->canary[p->canary_count++] =
                (struct canary){ .probe = scorer_alone(scorer, k), .scorer = i, .lane = lane_of(p, scorer->judge[k]) };
    }
}

enum err session_set_up_judges(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    const char *name[MAX_SCORERS * MAX_JUDGES];
    size_t count = list_judges(p, name, ARRAY_LEN(name));
    if (count == 0)
        return OK;
    p->recall = true;
    if (add_lanes(s, name, count, e) != OK)
        return e->code;
    make_canaries(s, ARRAY_LEN(name));
    return OK;
}

void session_drop_judges(struct session *s)
{
    for (size_t i = 0; i < s->p.canary_count; i++)
        scorer_free(s->p.canary[i].probe);
}
