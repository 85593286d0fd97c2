#include "reports/page_exports.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "reports/gzip_block.h"
#include "reports/render.h"

static enum err render_csv_guarded(const cJSON *model, struct strbuf *out, struct error *e)
{
    return render_csv(model, false, out, e);
}

static void drop(cJSON *model, const char *const *member, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cJSON_DeleteItemFromObjectCaseSensitive(model, member[i]);
}

static void drop_from_endpoints(cJSON *model, const char *member)
{
    cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, cJSON_GetObjectItemCaseSensitive(model, "endpoints"))
        cJSON_DeleteItemFromObjectCaseSensitive(endpoint, member);
}

static enum err write_block(const cJSON *model, const char *id, enum err (*render)(const cJSON *, struct strbuf *, struct error *),
                            struct page_out *out, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    enum err rc = render(model, &text, e);
    const struct gzip_frame frame = gzip_frame_element(id);
    return rc == OK ? gzip_block_write(out, &frame, text.buf, text.len, e) : rc;
}

enum err page_exports_write(const cJSON *model, struct page_out *out, struct error *e)
{
    static const char *const page_only[] = { "trend", "compare", "baseline", "leaderboard" }, *const with_gate[] = { "gate", "others" };
    CLEANUP(json_freep) cJSON *copy = cJSON_Duplicate(model, true);
    drop(copy, page_only, ARRAY_LEN(page_only));
    drop_from_endpoints(copy, "samples");
    enum err rc = write_block(copy, "export-junit", render_junit, out, e);
    drop_from_endpoints(copy, "unsettled");
    drop_from_endpoints(copy, "unsettled_more");
    if (rc == OK)
        rc = write_block(copy, "export-markdown", render_markdown, out, e);
    drop(copy, with_gate, ARRAY_LEN(with_gate)); /* the other two have no place for them */
    if (rc == OK)
        rc = write_block(copy, "export-json", render_json, out, e);
    return rc == OK ? write_block(copy, "export-csv", render_csv_guarded, out, e) : rc;
}
