/*
 * archive_source - the kind of image_source that reads members of archives: "images.zip!a/1.png".
 *
 * Archives stay open while they are in use, up to OPEN_ARCHIVES; of those that cannot be read the reason is kept.
 */
#ifndef DATASET_ARCHIVE_SOURCE_H
#define DATASET_ARCHIVE_SOURCE_H

#include "dataset/image_source.h"

enum { OPEN_ARCHIVES = 64 };

extern const struct image_source_ops archive_source_ops;

#endif
