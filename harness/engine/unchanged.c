#include "engine/unchanged.h"

#include "engine/lane.h"
#include "store/reader.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

enum err unchanged_endpoint(const struct settings *settings, const struct endpoint_row *row, bool sim,
                            const struct endpoint_config **ret_config, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf params = STRBUF_INIT;
    const struct endpoint_config *c = settings_endpoint(settings, row->name);
    if (!c)
        return error_set(e, ERR_INVALID, "endpoint '%s' of run %s is not in %s", row->name, row->run_id,
                         settings->path ? settings->path : "the configuration");
    lane_params_json(c, &params);
    const char *what = !sim && !same(c->base_url, row->base_url) ? "base_url"
                       : !same(c->model, row->model)             ? "model"
                       : !same(c->provider, row->provider)       ? "provider"
                       : !same(c->protocol, row->protocol)       ? "protocol"
                       : !same(params.buf, row->params_json)     ? "params"
                                                                 : NULL;
    if (what)
        return error_set(e, ERR_INVALID,
                         "endpoint '%s': `%s` has changed in the configuration since run %s was planned; put it back, or start a new run",
                         c->name, what, row->run_id);
    *ret_config = c;
    return sim ? OK : settings_require_ready(settings, c, e);
}

enum err unchanged_endpoints(struct store *s, const char *run_id, const struct settings *settings, bool sim, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct endpoint_row *row;
    size_t count = 0;
    enum err rc = store_endpoint_list(s, run_id, &a, &row, &count, e);
    for (size_t i = 0; rc == OK && i < count; i++) {
        const struct endpoint_config *config;
        rc = unchanged_endpoint(settings, &row[i], sim, &config, e);
    }
    arena_release(&a);
    return rc;
}
