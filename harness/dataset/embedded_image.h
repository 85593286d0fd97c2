/*
 * embedded_image - images that stand in a row as text: base64, with or without "data:image/png;base64," before it.
 *
 * Without the prefix a text counts as an image when it is long, nothing but base64, and begins like an image (or is far too
 * long to be a file name). The images of a record are numbered from 0 in the order in which they stand there: members of
 * objects and elements of lists as they are written, cells of a CSV from the left; a cell may hold a JSON list.
 */
#ifndef DATASET_EMBEDDED_IMAGE_H
#define DATASET_EMBEDDED_IMAGE_H

#include "dataset/row.h"

bool embedded_image_is(const char *text, size_t len);
/* Appends the bytes. NULL, or what is wrong with the text; it is then one of embedded_image_is. */
const char *embedded_image_decode(const char *text, size_t len, struct strbuf *out);
/* The number of the image in its record; false when the record does not hold it as it is. */
bool embedded_image_number(const struct row *row, const char *text, size_t len, size_t *ret);
/* Appends the text of image `number` of the record; false when there are not so many. */
bool embedded_image_get(const struct row *row, size_t number, struct strbuf *out);

#endif
