/* view_copy - what the copy button of the provenance gives: the run, and of each endpoint what it is, as JSON. */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/view_text.h"

enum { MAX_COPY_BYTES = 64 * 1024 }; /* more is no provenance: then there is no button, and the JSON summary has it */

/* Addresses stay out: the page shows hosts only. */
void view_add_copy(const cJSON *model, cJSON *provenance)
{
    static const char *const member[] = { "name", "model", "provider", "revision", "provenance", "drift", "protocol", "params", "scorer" };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *endpoint;
    cJSON *copy = cJSON_CreateObject();
    cJSON_AddItemToObject(copy, "run", cJSON_Duplicate(json_object(model, "run"), true));
    cJSON *list = cJSON_AddArrayToObject(copy, "endpoints");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        cJSON *item = view_item(list);
        for (size_t i = 0; i < ARRAY_LEN(member); i++) {
            const cJSON *value = json_get(endpoint, member[i]);
            if (value)
                cJSON_AddItemToObject(item, member[i], cJSON_Duplicate(value, true));
        }
    }
    json_add_pretty(&text, copy);
    if (text.len > MAX_COPY_BYTES)
        strbuf_clear(&text);
    view_take(provenance, "json", &text);
    cJSON_Delete(copy);
}
