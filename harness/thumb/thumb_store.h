/*
 * thumb_store - thumbnails of the images that a run sent: found below the data set's root, by the names that the store has for them.
 *
 * An image is shown only when its bytes still have the hash that the run recorded; names that lead outside the root are refused
 * (dataset/image_source.h).
 *
 * Owner     thumb_store_new/free. One thread at a time.
 */
#ifndef THUMB_THUMB_STORE_H
#define THUMB_THUMB_STORE_H

#include "base/strbuf.h"

struct thumb_store;

enum thumb_result { THUMB_MADE, THUMB_NO_FILE, THUMB_OTHER_BYTES, THUMB_NO_IMAGE };

/* `root`: where the data set was when it was last run; NULL or gone = every image is THUMB_NO_FILE. */
struct thumb_store *thumb_store_new(const char *root);
void thumb_store_free(struct thumb_store *t);
/* Appends a JPEG when it is THUMB_MADE. */
enum thumb_result thumb_store_make(struct thumb_store *t, const char *name, const char *sha256, struct strbuf *out);

#endif
