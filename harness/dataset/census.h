/*
 * census - what is in a data set: how many samples, intents and images of which kind. Reads everything once, like a preflight.
 *
 * Samples that cannot be sent are counted in `set.rejected` only.
 *
 * Owner     census_take fills a value; census_release. Texts of groups live as long as the census.
 */
#ifndef DATASET_CENSUS_H
#define DATASET_CENSUS_H

#include "dataset/preflight.h"
#include "dataset/tally.h"

/* Smallest, middle and largest of some numbers; all 0 when there are none. */
struct spread {
    uint64_t min, median, max;
};

/* Samples by a name; the mark of an item counts its distinct intents. */
struct census_group {
    struct tally names;
    struct id_table pairs; /* private: name and intent, seen together */
};

struct census_size {
    uint64_t bytes, width, height;
};

/* Distinct images by type: count of the item, bytes in its mark. */
struct census_images {
    struct tally types;
    struct id_table names; /* private */
    struct census_size *size;
    size_t count, cap;
};

struct census {
    struct preflight_summary set;
    struct census_group categories, subcategories, attacks;
    struct tally intents;
    struct census_images images;
    struct spread per_intent, image_bytes, width, height;
};

/* `opened` is called with the facts of the set, before it is read; NULL = not. */
enum err census_take(const struct dataset_source *source, void (*opened)(void *context, const struct dataset_facts *facts), void *context,
                     struct census *ret, struct error *e) MUST_CHECK;
void census_release(struct census *c);

#endif
