#include "engine/judge_models.h"

struct scorer_setting judge_models(const struct settings *settings, const char *folder, struct arena *a)
{
    struct judge_model *model = arena_array(a, settings->endpoint_count + 1, sizeof(*model));
    for (size_t i = 0; i < settings->endpoint_count; i++) {
        const struct endpoint_config *c = &settings->endpoint[i];
        model[i] = (struct judge_model){ c->name, c->protocol, c->model, c->provider, c->revision };
    }
    return (struct scorer_setting){ .folder = folder, .judge = model, .judge_count = settings->endpoint_count };
}
