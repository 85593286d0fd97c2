#include "view/readers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct readers {
    pthread_mutex_t lock;
    char *store_path;
    struct reader *idle;
};

struct readers *readers_new(const char *store_path)
{
    struct readers *p = xcalloc(1, sizeof(*p));
    (void)pthread_mutex_init(&p->lock, NULL);
    p->store_path = xstrdup(store_path);
    return p;
}

static void reader_free(struct reader *r)
{
    store_close(r->store);
    image_source_free(r->images);
    free(r->root);
    arena_release(&r->arena);
    free(r);
}

void readers_free(struct readers *p)
{
    if (!p)
        return;
    while (p->idle) {
        struct reader *r = p->idle;
        p->idle = r->next;
        reader_free(r);
    }
    (void)pthread_mutex_destroy(&p->lock);
    free(p->store_path);
    free(p);
}

enum err readers_take(struct readers *p, struct reader **ret_r, struct error *e)
{
    (void)pthread_mutex_lock(&p->lock);
    struct reader *r = p->idle;
    if (r)
        p->idle = r->next;
    (void)pthread_mutex_unlock(&p->lock);
    if (!r) {
        struct store *store;
        enum err rc = store_open(p->store_path, STORE_READ, &store, e);
        if (rc != OK)
            return rc;
        r = xcalloc(1, sizeof(*r));
        r->store = store;
    }
    *ret_r = r;
    return OK;
}

void readers_give(struct readers *p, struct reader *r)
{
    arena_reset(&r->arena);
    (void)pthread_mutex_lock(&p->lock);
    r->next = p->idle;
    p->idle = r;
    (void)pthread_mutex_unlock(&p->lock);
}

enum err reader_images(struct reader *r, const char *root, struct image_source **ret_images, struct error *e)
{
    if (!r->images || strcmp(r->root, root) != 0) {
        char *real = realpath(root, NULL);
        if (!real)
            return error_set(e, ERR_NOT_FOUND, "the data set's folder is not where the run found it: %s", strerror(errno));
        image_source_free(r->images);
        free(r->root);
        r->images = image_source_new(real);
        r->root = xstrdup(root);
        free(real);
    }
    *ret_images = r->images;
    return OK;
}
