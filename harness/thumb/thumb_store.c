#include "thumb/thumb_store.h"

#include "base/arena.h"
#include "base/sha256.h"
#include "dataset/image_source.h"
#include "thumb/thumb.h"

#include <stdlib.h>
#include <string.h>

struct thumb_store {
    struct image_source *images; /* NULL = there is no root */
};

struct thumb_store *thumb_store_new(const char *root)
{
    struct thumb_store *t = xcalloc(1, sizeof(*t));
    CLEANUP(cleanup_free) char *canonical = root ? realpath(root, NULL) : NULL;
    t->images = canonical ? image_source_new(canonical) : NULL;
    return t;
}

void thumb_store_free(struct thumb_store *t)
{
    if (t && t->images)
        image_source_free(t->images);
    free(t);
}

enum thumb_result thumb_store_make(struct thumb_store *t, const char *name, const char *sha256, struct strbuf *out)
{
    struct error e;
    struct image_bytes image;
    if (!t->images || image_source_read(t->images, name, &image, &e) != OK)
        return THUMB_NO_FILE;
    enum thumb_result result = THUMB_OTHER_BYTES;
    if (strcmp(sha256_of(image.bytes, image.len).text, sha256) == 0)
        result = thumb_make(image.bytes, image.len, out, &e) == OK ? THUMB_MADE : THUMB_NO_IMAGE;
    image_bytes_release(&image);
    return result;
}
