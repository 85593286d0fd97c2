/*
 * webdataset - the samples of one tar shard: members that follow each other and share a key.
 *
 * Key and field are parted at the first dot of the base name: "a/0001.seg.png" is field "seg.png" of sample "a/0001". A
 * sample is an object: txt, text, transcript are texts; json, jsn are what they hold; cls, cls2, index, inx, id are whole
 * numbers; images are their names for image_source. `__key__`, `__url__` (the shard) and `__images__` (all images, by field
 * name) are added. Fields of other kinds are no columns. The first 5 samples fix the columns: one that is missing later is
 * null, one that is new later is the sample's problem, unless it is an image: sets mix png and jpg.
 *
 * Owner     the caller; one thread. Key and problem live until the next call.
 * Errors    as of tar_stream.h.
 */
#ifndef DATASET_WEBDATASET_H
#define DATASET_WEBDATASET_H

#include "base/err.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

#define WEBDATASET_IMAGES "__images__"

struct webdataset;

struct webdataset_sample {
    cJSON *object; /* yours; NULL with a problem */
    const char *key;
    const char *problem; /* NULL, or why this is no row */
    bool clean;          /* all texts are UTF-8 */
};

/* `path` of the shard; `name`, its path below the data set's root, is copied. */
enum err webdataset_open(const char *path, const char *name, struct webdataset **ret, struct error *e) MUST_CHECK;
enum err webdataset_next(struct webdataset *w, bool *ret_more, struct webdataset_sample *ret, struct error *e) MUST_CHECK;
void webdataset_close(struct webdataset *w);

#endif
