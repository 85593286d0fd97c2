/*
 * background - one piece of work on a thread of its own, beside the thread that asked for it.
 *
 *     background_start(&b, compress, &job);
 *     ... something else ...
 *     background_wait(&b);                    from here on `job` is the caller's again
 *
 * Between the two calls the context belongs to the work: whoever started it touches nothing that the work reads or writes.
 *
 * Owner     the caller; a zeroed value has nothing under way. Not moved between start and wait.
 * Threads   start and wait are called by one thread. Pays off for work of a millisecond and more: a thread costs some 20 us.
 * Errors    none: where no thread can be had the work is done at once, in background_start.
 */
#ifndef BASE_BACKGROUND_H
#define BASE_BACKGROUND_H

#include <pthread.h>
#include <stdbool.h>

typedef void background_fn(void *context);

struct background {
    pthread_t thread;
    background_fn *work;
    void *context;
    bool running;
};

/* Nothing of this value is under way. */
void background_start(struct background *b, background_fn *work, void *context);
/* Until the work is done; at once where nothing was started. */
void background_wait(struct background *b);

#endif
