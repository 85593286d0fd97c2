/* WebP (a RIFF file whose first chunk is VP8, VP8L or VP8X) and BMP: two formats that say their length at the start. */
#include "dataset/image_format.h"

#include <stdlib.h>
#include <string.h>

/* Sizes stand at fixed offsets of the first chunk; every form fits in the first 30 bytes. */
void image_read_webp(const unsigned char *bytes, size_t len, struct image_info *info)
{
    enum { FIRST_CHUNK = 12, NEEDED = 30, FLAG_ANIMATION = 0x02 };
    uint64_t total = (uint64_t)image_le32(bytes + 4) + 8;

    if (total > len || len < NEEDED - 5 || (len < NEEDED && memcmp(bytes + FIRST_CHUNK, "VP8L", 4) != 0)) {
        info->problem = "the WebP is cut off before its end";
        return;
    }
    info->trailing_bytes = (size_t)(len - total);
    if (memcmp(bytes + FIRST_CHUNK, "VP8 ", 4) == 0 && memcmp(bytes + 23, "\x9D\x01\x2A", 3) == 0) {
        info->width = image_le16(bytes + 26) & 0x3FFF;
        info->height = image_le16(bytes + 28) & 0x3FFF;
    } else if (memcmp(bytes + FIRST_CHUNK, "VP8L", 4) == 0 && bytes[20] == 0x2F) {
        uint32_t bits = image_le32(bytes + 21);
        info->width = (bits & 0x3FFF) + 1;
        info->height = (bits >> 14 & 0x3FFF) + 1;
    } else if (memcmp(bytes + FIRST_CHUNK, "VP8X", 4) == 0) {
        info->width = image_le24(bytes + 24) + 1;
        info->height = image_le24(bytes + 27) + 1;
        info->warning = bytes[20] & FLAG_ANIMATION ? "animated" : NULL;
    } else {
        info->problem = "the WebP's first chunk is damaged";
    }
}

void image_read_bmp(const unsigned char *bytes, size_t len, struct image_info *info)
{
    enum { OLD_HEADER = 12, NEEDED = 26 };
    uint32_t total = image_le32(bytes + 2), pixels_at = image_le32(bytes + 10), header = image_le32(bytes + 14);

    if (len < NEEDED || pixels_at >= len || total > len) {
        info->problem = "the BMP is cut off before its end";
        return;
    }
    if (header == OLD_HEADER) {
        info->width = image_le16(bytes + 18);
        info->height = image_le16(bytes + 20);
    } else { /* a negative height means rows from the top down */
        info->width = image_le32(bytes + 18);
        uint32_t height = image_le32(bytes + 22);
        info->height = height > INT32_MAX ? 0u - height : height;
    }
    info->trailing_bytes = total ? len - total : 0;
}
