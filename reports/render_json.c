#include "reports/render.h"

#include "base/json.h"

enum err render_json(const cJSON *model, struct strbuf *out, struct error *e)
{
    json_add_pretty(out, model);
    if (strbuf_addch(out, '\n') != OK)
        return error_set(e, ERR_LIMIT, "the summary is larger than %zu bytes", out->max);
    return OK;
}
