/* Images: the sniffer reads no byte too many, and its answer is consistent. */
#include "dataset/image.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct image_info info = image_probe(bytes, len);
    bool sendable = info.mime && info.width > 0 && info.height > 0;
    if (!info.problem != !info.code || (!info.problem && !sendable) || info.trailing_bytes > len)
        abort();
    return 0;
}
