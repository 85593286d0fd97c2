#include "engine/images_there.h"

#include "base/arena.h"
#include "dataset/image_source.h"
#include "store/reader.h"

/* One image that went missing is the affair of its trial; so many in a row are a folder. */
enum { PAGE = 64, LOOKED_FOR = 20 };

struct look {
    struct image_source *images;
    size_t missing;
    bool found;
};

static void look_for(struct look *l, const struct sample *sample)
{
    for (size_t i = 0; i < sample->image_count && !l->found && l->missing < LOOKED_FOR; i++) {
        int64_t bytes;
        struct error ignored;
        if (image_source_find(l->images, sample->image[i].name, &bytes, &ignored) == ERR_NOT_FOUND)
            l->missing++;
        else
            l->found = true; /* it may be damaged: then its trial says so */
    }
}

static enum err look_through(struct store *s, const struct endpoint_row *endpoint, struct look *l, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct pending_trial *trial;
    size_t count = PAGE;
    enum err rc = OK;
    for (int64_t after = 0; rc == OK && count == PAGE && !l->found && l->missing < LOOKED_FOR;) {
        rc = store_pending_page(s, endpoint, after, PAGE, &a, &trial, &count, e);
        for (size_t i = 0; rc == OK && i < count; i++)
            look_for(l, &trial[i].sample);
        after = rc == OK && count > 0 ? trial[count - 1].trial_id : after;
        arena_reset(&a);
    }
    arena_release(&a);
    return rc;
}

enum err images_there(struct store *s, const char *run_id, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct run_row run;
    struct dataset_row dataset = { 0 };
    struct endpoint_row *endpoint = NULL;
    size_t count = 0;
    enum err rc = store_run_find(s, run_id, &a, &run, e);
    if (rc == OK)
        rc = store_dataset_get(s, run.dataset_id, &a, &dataset, e);
    if (rc == OK)
        rc = store_endpoint_list(s, run.id, &a, &endpoint, &count, e);
    struct look l = { .images = rc == OK ? image_source_new(dataset.root) : NULL };
    for (size_t i = 0; rc == OK && i < count && !l.found && l.missing < LOOKED_FOR; i++)
        rc = look_through(s, &endpoint[i], &l, e);
    image_source_free(l.images);
    if (rc == OK && l.missing > 0 && !l.found)
        rc = error_set(e, ERR_NOT_FOUND,
                       "none of the images that are still to be sent is in '%.200s', where data set '%.64s' was: bring the folder back "
                       "(is it mounted?), then resume again",
                       dataset.root, dataset.name);
    arena_release(&a);
    return rc;
}
