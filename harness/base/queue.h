/*
 * queue - a bounded blocking queue of pointers between threads.
 *
 * Passing a pointer passes ownership. A full queue blocks its producers, so back-pressure is free. Popping many at a
 * time is one lock and one wake for the whole batch.
 *
 * Threads   any number of producers and consumers.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

/* capacity > 0. */
struct queue *queue_new(size_t capacity);
void queue_free(struct queue *q);
/* Blocks while full. False when the queue was closed: the item is still yours. */
bool queue_push(struct queue *q, void *item);
/* Same for `count` of them in order, with one lock and one wake. Returns how many went in: the rest are still yours, for the queue was
   closed. */
size_t queue_push_many(struct queue *q, void *const *item, size_t count);
/* Blocks while empty; up to `max` items into `out`. 0 = closed and drained. */
size_t queue_pop_many(struct queue *q, void **out, size_t max);
/* Same, but gives up after timeout_us (>= 0). 0 = nothing came, or closed and drained (*ret_closed tells). */
size_t queue_pop_wait(struct queue *q, void **out, size_t max, int64_t timeout_us, bool *ret_closed);
/* No more pushes; consumers drain what is there. */
void queue_close(struct queue *q);
size_t queue_count(struct queue *q);

#endif
