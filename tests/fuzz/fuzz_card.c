/* Model cards and .eval_results files: whatever the bytes, a bounded list of results and no fault. */
#include "evidence/card.h"

#include "base/json.h"
#include "core/limits.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    cJSON *card = cJSON_CreateObject();
    card_read((const char *)bytes, len, card);
    card_read_results(".eval_results/x.yaml", (const char *)bytes, len, card);
    if (!json_array(card, "omits") || !json_array(card, "results") || cJSON_GetArraySize(json_array(card, "results")) > MAX_CLAIMS)
        abort();
    cJSON_Delete(card);
    return 0;
}
