/*
 * record_source - the kind of image_source that reads images which stand in records as base64: "samples.jsonl@1234/2".
 *
 * The name says at which byte of the data file the record begins and which of its images is meant (embedded_image.h; without
 * a number the first), so nothing but that record is read. JSONL, JSON and CSV.
 */
#ifndef DATASET_RECORD_SOURCE_H
#define DATASET_RECORD_SOURCE_H

#include "dataset/image_source.h"

#include <stdint.h>

struct strbuf;

extern const struct image_source_ops record_source_ops;

/* Appends the name of image `number` of the record at `offset` of the data file `path`. */
void record_source_name(const char *path, int64_t offset, size_t number, struct strbuf *out);

#endif
