/* JSON files of records: arrays and objects keyed by id. */
#include "../support/fuzz_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (fuzz_rows(ROW_FORMAT_JSON, bytes, len) > (int64_t)len)
        abort();
    return 0;
}
