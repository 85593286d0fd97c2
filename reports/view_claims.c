/* view_claims - what others published of the models, and whether it holds. */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/model_claims.h"
#include "reports/view_text.h"

void view_add_claims(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint, *claim;
    cJSON *section = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(section, "rows");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        cJSON_ArrayForEach(claim, json_array(endpoint, "claims"))
        {
            CLEANUP(strbuf_release) struct strbuf sentence = STRBUF_INIT;
            cJSON *row = view_item(rows);
            claim_text(claim, true, &sentence);
            view_text(row, "name", json_string(endpoint, "name"));
            view_text(row, "sentence", sentence.buf);
            view_text(row, "verdict", json_string(claim, "verdict"));
        }
    }
    if (cJSON_GetArraySize(rows)) {
        cJSON_AddItemToObject(view, "claims", section);
        return;
    }
    cJSON_Delete(section);
    cJSON_AddNullToObject(view, "claims");
}
