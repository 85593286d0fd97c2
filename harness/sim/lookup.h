/*
 * lookup - finds the sample that a request was made from, so that the planted truth can depend on it.
 *
 * The key is a 128-bit hash over the prompt text and the SHA-256 of each image in order. Building reads every image of the
 * data set once; what is kept is about 60 bytes a sample and its strings. Of two samples with the same prompt and images
 * the first is found. Rows that the data set rejects and samples with unreadable images are left out: nobody sends them.
 *
 * Owner     lookup_new/lookup_free; rows are borrowed and live as long as the lookup.
 * Threads   immutable once built: any thread may find.
 */
#ifndef SIM_LOOKUP_H
#define SIM_LOOKUP_H

#include "base/err.h"
#include "base/sha256.h"
#include "core/names.h"

#include <stddef.h>

struct dataset_source;
struct lookup;

struct lookup_row {
    const char *key; /* the data set's own id */
    const char *category, *attack;
    const char *codeword; /* extra.codeword, "" when there is none */
    enum expected expected;
};

struct lookup *lookup_new(void);
/* Copies all strings. False when the same prompt and images are there already. */
bool lookup_add(struct lookup *l, const char *prompt, size_t prompt_len, const struct sha256_hex *image, size_t image_count,
                const struct lookup_row *row);
/* Adds every sample of the data set. */
enum err lookup_add_dataset(struct lookup *l, const struct dataset_source *source, struct error *e) MUST_CHECK;
/* NULL when no sample fits. */
const struct lookup_row *lookup_find(const struct lookup *l, const char *prompt, size_t prompt_len, const struct sha256_hex *image,
                                     size_t image_count);
size_t lookup_count(const struct lookup *l);
void lookup_free(struct lookup *l);

#endif
