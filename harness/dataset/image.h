/*
 * image - what an image file is, by its bytes.
 *
 * The MIME of a request comes from magic bytes, never from the extension; bytes are never altered. Only headers are
 * read, nothing is decoded: PNG IHDR, JPEG markers up to SOFn, GIF screen, WebP VP8/VP8L/VP8X, BMP.
 */
#ifndef DATASET_IMAGE_H
#define DATASET_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_info {
    const char *mime;          /* "image/png" …; constant string; NULL when it is no image */
    uint32_t width, height;    /* 0 = could not be read */
    const char *problem;       /* NULL, or why it cannot be sent: "empty file", "a Git LFS pointer, not the image", … */
};

/* Never fails: what cannot be read is said in `problem`. */
struct image_info image_probe(const unsigned char *bytes, size_t len);
/* The MIME that a file name's extension claims, or NULL. */
const char *image_mime_of_name(const char *name);

#endif
