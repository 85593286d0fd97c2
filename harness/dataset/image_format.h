/*
 * image_format - one function for each image format: size and wholeness of a file whose magic bytes already matched.
 *
 * Each fills width, height, warning and trailing_bytes of `info`, or `problem` (code S6). They never read past `len`.
 */
#ifndef DATASET_IMAGE_FORMAT_H
#define DATASET_IMAGE_FORMAT_H

#include "dataset/image.h"

void image_read_png(const unsigned char *bytes, size_t len, struct image_info *info);
void image_read_jpeg(const unsigned char *bytes, size_t len, struct image_info *info);
void image_read_gif(const unsigned char *bytes, size_t len, struct image_info *info);
void image_read_webp(const unsigned char *bytes, size_t len, struct image_info *info);
void image_read_bmp(const unsigned char *bytes, size_t len, struct image_info *info);

static inline uint32_t image_be16(const unsigned char *b)
{
    return (uint32_t)b[0] << 8 | b[1];
}

static inline uint32_t image_be32(const unsigned char *b)
{
    return image_be16(b) << 16 | image_be16(b + 2);
}

static inline uint32_t image_le16(const unsigned char *b)
{
    return (uint32_t)b[1] << 8 | b[0];
}

static inline uint32_t image_le24(const unsigned char *b)
{
    return (uint32_t)b[2] << 16 | image_le16(b);
}

static inline uint32_t image_le32(const unsigned char *b)
{
    return image_le16(b + 2) << 16 | image_le16(b);
}

#endif
