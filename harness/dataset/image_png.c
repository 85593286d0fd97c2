/* PNG (ISO/IEC 15948): the signature, then chunks of length, type, data and CRC, from IHDR to IEND. */
#include "dataset/image_format.h"

#include <string.h>
#include <zlib.h>

enum { SIGNATURE = 8, CHUNK_FRAME = 12, IHDR_LEN = 13 };

/* The bit depths that each colour type allows (table 11.1), as a set of bits. */
static bool depth_is_allowed(unsigned depth, unsigned colour)
{
    static const unsigned allowed[7] = {
        [0] = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 16,
        [2] = 1 << 8 | 1 << 16,
        [3] = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8,
        [4] = 1 << 8 | 1 << 16,
        [6] = 1 << 8 | 1 << 16,
    };
    return colour < 7 && depth <= 16 && (allowed[colour] & 1u << depth);
}

static const char *header_problem(const unsigned char *chunk, size_t left)
{
    if (left < CHUNK_FRAME + IHDR_LEN)
        return "the PNG is cut off in its header";
    if (image_be32(chunk) != IHDR_LEN || memcmp(chunk + 4, "IHDR", 4) != 0)
        return "the PNG does not begin with its header";
    if (crc32(crc32(0, NULL, 0), chunk + 4, 4 + IHDR_LEN) != image_be32(chunk + 8 + IHDR_LEN))
        return "the PNG's header is damaged (its checksum is wrong)";
    const unsigned char *header = chunk + 8;
    if (!depth_is_allowed(header[8], header[9]) || header[10] != 0 || header[11] != 0 || header[12] > 1)
        return "the PNG's header names a colour form that does not exist";
    return NULL;
}

void image_read_png(const unsigned char *bytes, size_t len, struct image_info *info)
{
    bool has_pixels = false;
    info->problem = header_problem(bytes + SIGNATURE, len - SIGNATURE);
    if (info->problem)
        return;
    info->width = image_be32(bytes + SIGNATURE + 8);
    info->height = image_be32(bytes + SIGNATURE + 12);

    for (size_t at = SIGNATURE; len - at >= CHUNK_FRAME;) {
        size_t data = image_be32(bytes + at);
        const unsigned char *type = bytes + at + 4;
        if (data > len - at - CHUNK_FRAME)
            break;
        at += CHUNK_FRAME + data;
        has_pixels = has_pixels || memcmp(type, "IDAT", 4) == 0;
        if (memcmp(type, "acTL", 4) == 0)
            info->warning = "animated";
        if (memcmp(type, "IEND", 4) == 0) {
            info->problem = has_pixels ? NULL : "the PNG holds no pixels";
            info->trailing_bytes = len - at;
            return;
        }
    }
    info->problem = "the PNG is cut off before its end";
}
