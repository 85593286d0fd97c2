/*
 * image - what an image file is, by its bytes.
 *
 * The MIME of a request comes from magic bytes, never from the extension; bytes are never altered. Nothing is decoded:
 * headers give the size, and the walk over PNG chunks, JPEG markers, GIF blocks and RIFF lengths tells whether the file
 * is whole. Codes are those of datasets.md section 7: S4 no image, S6 damaged, S7 size, S8 servers may differ.
 */
#ifndef DATASET_IMAGE_H
#define DATASET_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_info {
    const char *mime;       /* "image/png" …; constant string; NULL when it is no image */
    uint32_t width, height; /* 0 = could not be read */
    const char *problem;    /* NULL, or why it cannot be sent: "empty file", "a Git LFS pointer, not the image", … */
    const char *code;       /* of the problem: "S4", "S6" or "S7"; NULL without one */
    const char *warning;    /* S8: NULL, or "animated", "EXIF orientation other than 1", "CMYK colours" */
    size_t trailing_bytes;  /* after the image's end; they are sent too */
};

/* Never fails: what cannot be read is said in `problem`. */
struct image_info image_probe(const unsigned char *bytes, size_t len);
/* The MIME that a file name's extension claims, or NULL. */
const char *image_mime_of_name(const char *name);

#endif
