/*
 * dataset_fixture - reads a whole data set and keeps what tests ask about.
 */
#ifndef SUPPORT_DATASET_FIXTURE_H
#define SUPPORT_DATASET_FIXTURE_H

#include "dataset/dataset.h"
#include "scratch.h"

#include <string.h>

enum { KEPT = 600 };

struct whole_set {
    struct dataset *d;
    struct sample sample[KEPT]; /* deep copies in the scratch arena */
    struct finding finding[KEPT];
    size_t samples, findings, images;
    enum err err; /* of opening or reading */
    struct error e;
};

static inline struct sample keep_sample(struct arena *a, const struct sample *s)
{
    struct sample copy = *s;
    const char **text[] = { &copy.id,          &copy.intent_id, &copy.intent, &copy.prompt, &copy.context, &copy.category,
                            &copy.subcategory, &copy.attack,    &copy.twin,   &copy.split,  &copy.file,    &copy.extra_json };
    for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
        *text[i] = arena_strdup(a, *text[i]);
    struct sample_image *image = arena_array(a, s->image_count, sizeof(*image));
    for (size_t i = 0; i < s->image_count; i++) {
        image[i] = s->image[i];
        image[i].path = arena_strdup(a, image[i].path);
        image[i].name = arena_strdup(a, image[i].name);
    }
    copy.image = image;
    return copy;
}

static inline void read_source(struct whole_set *w, const struct dataset_source *source, struct arena *a)
{
    *w = (struct whole_set){ 0 };
    enum dataset_event event = DATASET_FINDING;
    w->err = dataset_open(source, &w->d, &w->e);
    while (w->err == OK) {
        struct sample sample;
        struct finding finding;
        w->err = dataset_next(w->d, &event, &sample, &finding, &w->e);
        if (w->err != OK || event == DATASET_END)
            return;
        if (event == DATASET_SAMPLE) {
            w->images += sample.image_count;
            if (w->samples < KEPT)
                w->sample[w->samples] = keep_sample(a, &sample);
            w->samples++;
        } else {
            finding.message = arena_strdup(a, finding.message);
            finding.sample_id = arena_strdup(a, finding.sample_id);
            if (w->findings < KEPT)
                w->finding[w->findings] = finding;
            w->findings++;
        }
    }
}

static inline void read_set(struct whole_set *w, const char *path, struct arena *a)
{
    struct dataset_source source = { .path = path };
    read_source(w, &source, a);
}

#endif
