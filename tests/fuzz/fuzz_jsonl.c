/* JSONL: there are never more rows than lines, and each is an object or says why not. */
#include "../support/fuzz_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    int64_t lines = 1;
    for (size_t i = 0; i < len; i++)
        lines += bytes[i] == '\n';
    if (fuzz_rows(ROW_FORMAT_JSONL, bytes, len) > lines)
        abort();
    return 0;
}
