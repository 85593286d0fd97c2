/* Thumbnails: whatever the file is, the answer is a JPEG of at most 160 x 160 pixels, or an error and nothing. */
#include "thumb/thumb.h"

#include "dataset/image.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
    struct error e;
    if (thumb_make(bytes, len, &jpeg, &e) != OK) {
        if (jpeg.len > 0)
            abort();
        return 0;
    }
    struct image_info info = image_probe((const unsigned char *)jpeg.buf, jpeg.len);
    if (info.problem || info.width > THUMB_SIDE || info.height > THUMB_SIDE)
        abort();
    return 0;
}
