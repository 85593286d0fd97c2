/*
 * image_scan - reads, hashes and looks into the images of a set on a few threads at once, each image once.
 *
 * The caller asks for images well before it needs them and then waits for each in turn, so results come in the order of the
 * data however the threads finish. A name that was asked for before costs nothing more.
 *
 * Memory    a fact (some 250 bytes and the name) for every distinct image; of the images themselves one a thread.
 * Owner     image_scan_new/image_scan_free; facts live as long as the scan.
 * Threads   image_scan_ask and image_scan_wait belong to one thread. The workers each have an image_source of their own.
 */
#ifndef DATASET_IMAGE_SCAN_H
#define DATASET_IMAGE_SCAN_H

#include "base/sha256.h"
#include "dataset/image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_scan;

/* What is known of an image once image_scan_wait has returned. */
struct image_fact {
    const char *name; /* below root */
    uint64_t bytes;
    struct image_info info;
    struct sha256_hex sha256; /* "" when it could not be read */
    const char *unreadable;   /* NULL, or why */
    bool done;                /* private */
};

/* `root` is canonical and outlives the scan; threads 0 = four for each processor, because they wait for the disk;
   16 at most. One more
   reads what is a part of a larger file. */
struct image_scan *image_scan_new(const char *root, int threads);
/* Stops the workers, also in the middle of a queue. */
void image_scan_free(struct image_scan *s);
/* The fact of that image, to be filled: wait for it. */
const struct image_fact *image_scan_ask(struct image_scan *s, const char *name);
void image_scan_wait(struct image_scan *s, const struct image_fact *fact);
/* Every fact so far, in the order in which they were asked for the first time. */
size_t image_scan_count(const struct image_scan *s);
const struct image_fact *image_scan_fact(const struct image_scan *s, size_t index);

#endif
