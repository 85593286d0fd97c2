/* GIF 87a and 89a: a screen, then blocks: 0x21 extension, 0x2C image, 0x3B end; data in sub-blocks of at most 255 bytes. */
#include "dataset/image_format.h"

enum { SCREEN_LEN = 13, IMAGE_LEN = 10, EXTENSION = 0x21, IMAGE = 0x2C, TRAILER = 0x3B };

/* Behind the sub-blocks that begin at `at`, or 0 when the file ends first. */
static size_t skip_sub_blocks(const unsigned char *bytes, size_t len, size_t at)
{
    while (at < len) {
        size_t size = bytes[at++];
        if (size == 0)
            return at;
        if (size > len - at)
            return 0;
        at += size;
    }
    return 0;
}

static size_t colour_table_len(unsigned flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Behind the block at `at`, or 0 when the file ends first. */
static size_t skip_block(const unsigned char *bytes, size_t len, size_t at)
{
    if (bytes[at] == EXTENSION)
        return skip_sub_blocks(bytes, len, at + 2);
    if (len - at < IMAGE_LEN)
        return 0;
    return skip_sub_blocks(bytes, len, at + IMAGE_LEN + colour_table_len(bytes[at + 9]) + 1); /* + 1: the code size */
}

void image_read_gif(const unsigned char *bytes, size_t len, struct image_info *info)
{
    size_t frames = 0;
    if (len < SCREEN_LEN) {
        info->problem = "the GIF is cut off in its header";
        return;
    }
    info->width = image_le16(bytes + 6);
    info->height = image_le16(bytes + 8);

    for (size_t at = SCREEN_LEN + colour_table_len(bytes[10]); at != 0 && at < len; at = skip_block(bytes, len, at)) {
        if (bytes[at] == TRAILER) {
            info->problem = frames == 0 ? "the GIF holds no pixels" : NULL;
            info->warning = frames > 1 ? "animated" : NULL;
            info->trailing_bytes = len - at - 1;
            return;
        }
        if (bytes[at] != EXTENSION && bytes[at] != IMAGE) {
            info->problem = "the GIF's blocks are damaged";
            return;
        }
        frames += bytes[at] == IMAGE;
    }
    info->problem = "the GIF is cut off before its end";
}
