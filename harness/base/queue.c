#include "base/queue.h"

#include "base/arena.h"
#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

/* A ring under one lock. The waiter counts spare the system call of a signal that nobody waits for. */
struct queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    size_t capacity, first, count;
    size_t pop_waiters, push_waiters;
    bool closed;
    void *item[];
};

struct queue *queue_new(size_t capacity)
{
    assert(capacity > 0);
    assert(capacity < SIZE_MAX / 2 / sizeof(void *));
    struct queue *q = xcalloc(1, sizeof(*q) + capacity * sizeof(q->item[0]));
    q->capacity = capacity;

    clock_cond_init(&q->not_empty);
    clock_cond_init(&q->not_full);
    (void)pthread_mutex_init(&q->lock, NULL);
    return q;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    (void)pthread_cond_destroy(&q->not_empty);
    (void)pthread_cond_destroy(&q->not_full);
    (void)pthread_mutex_destroy(&q->lock);
    free(q);
}

/* With the lock held; false when the queue was closed. */
static bool wait_for_room(struct queue *q)
{
    while (q->count == q->capacity && !q->closed) {
        if (q->pop_waiters > 0)
            (void)pthread_cond_broadcast(&q->not_empty); /* of a push of many: nobody has told them yet */
        q->push_waiters++;
        (void)pthread_cond_wait(&q->not_full, &q->lock);
        q->push_waiters--;
    }
    return !q->closed;
}

/* Signals without the lock: a consumer that runs at once would only wait for it. */
size_t queue_push_many(struct queue *q, void *const *item, size_t count)
{
    size_t pushed = 0;
    (void)pthread_mutex_lock(&q->lock);
    while (pushed < count && wait_for_room(q)) {
        q->item[(q->first + q->count) % q->capacity] = item[pushed++];
        q->count++;
    }
    bool awaited = pushed > 0 && q->pop_waiters > 0;
    (void)pthread_mutex_unlock(&q->lock);
    if (awaited)
        (void)(pushed == 1 ? pthread_cond_signal(&q->not_empty) : pthread_cond_broadcast(&q->not_empty));
    return pushed;
}

bool queue_push(struct queue *q, void *item)
{
    return queue_push_many(q, &item, 1) == 1;
}

/* With the lock held. */
static size_t take(struct queue *q, void **out, size_t max)
{
    size_t taken = 0;
    while (taken < max && q->count > 0) {
        out[taken++] = q->item[q->first];
        q->first = q->first + 1 == q->capacity ? 0 : q->first + 1;
        q->count--;
    }
    if (taken > 0 && q->push_waiters > 0)
        (void)(taken == 1 ? pthread_cond_signal(&q->not_full) : pthread_cond_broadcast(&q->not_full));
    return taken;
}

size_t queue_pop_many(struct queue *q, void **out, size_t max)
{
    (void)pthread_mutex_lock(&q->lock);
    while (q->count == 0 && !q->closed) {
        q->pop_waiters++;
        (void)pthread_cond_wait(&q->not_empty, &q->lock);
        q->pop_waiters--;
    }
    size_t taken = take(q, out, max);
    (void)pthread_mutex_unlock(&q->lock);
    return taken;
}

size_t queue_pop_wait(struct queue *q, void **out, size_t max, int64_t timeout_us, bool *ret_closed)
{
    assert(timeout_us >= 0);
    (void)pthread_mutex_lock(&q->lock);
    if (q->count == 0 && !q->closed && timeout_us > 0) {
        struct timespec deadline = clock_deadline(timeout_us);
        int rc = 0;
        q->pop_waiters++;
        while (q->count == 0 && !q->closed && rc != ETIMEDOUT)
            rc = pthread_cond_timedwait(&q->not_empty, &q->lock, &deadline);
        q->pop_waiters--;
    }
    size_t taken = take(q, out, max);
    if (ret_closed)
        *ret_closed = q->closed && q->count == 0;
    (void)pthread_mutex_unlock(&q->lock);
    return taken;
}

void queue_close(struct queue *q)
{
    (void)pthread_mutex_lock(&q->lock);
    q->closed = true;
    (void)pthread_cond_broadcast(&q->not_empty);
    (void)pthread_cond_broadcast(&q->not_full);
    (void)pthread_mutex_unlock(&q->lock);
}

size_t queue_count(struct queue *q)
{
    (void)pthread_mutex_lock(&q->lock);
    size_t count = q->count;
    (void)pthread_mutex_unlock(&q->lock);
    return count;
}
