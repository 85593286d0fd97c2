#include "sim/delays.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/vec.h"

#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>

enum { TICK_US = 1000, WATCH_US = 200000 };

struct sleeper {
    int64_t due_us, end_us; /* due < end: only to look whether the peer is still there */
    struct MHD_Connection *connection;
    int watch_fd;
    bool *gone;
};

/* The lock is held while MHD is told to suspend or resume, so that a sleeper is in the heap exactly while it is suspended. */
struct delays {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct sleeper *heap; /* binary, earliest due first */
    size_t count, cap;
    bool stopping;
};

static void sift_up(struct sleeper *heap, size_t at)
{
    struct sleeper moving = heap[at];
    for (; at > 0 && heap[(at - 1) / 2].due_us > moving.due_us; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = moving;
}

static void sift_down(struct sleeper *heap, size_t count)
{
    struct sleeper moving = heap[0];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].due_us < heap[child].due_us)
            child++;
        if (heap[child].due_us >= moving.due_us)
            break;
        heap[at] = heap[child];
    }
    heap[at] = moving;
}

static void push(struct delays *d, const struct sleeper *s)
{
    d->heap = vec_grow(d->heap, d->count, &d->cap, sizeof(*d->heap));
    d->heap[d->count] = *s;
    sift_up(d->heap, d->count++);
}

static struct sleeper pop(struct delays *d)
{
    struct sleeper first = d->heap[0];
    d->heap[0] = d->heap[--d->count];
    if (d->count > 1)
        sift_down(d->heap, d->count);
    return first;
}

static int64_t next_look(const struct sleeper *s, int64_t now_us)
{
    int64_t due = s->end_us;
    if (s->watch_fd >= 0 && now_us + WATCH_US < due)
        due = now_us + WATCH_US;
    return (due + TICK_US - 1) / TICK_US * TICK_US;
}

static bool hung_up(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLRDHUP };
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static void wake_due(struct delays *d, int64_t now_us)
{
    while (d->count > 0 && (d->stopping || d->heap[0].due_us <= now_us)) {
        struct sleeper s = pop(d);
        bool gone = s.watch_fd >= 0 && hung_up(s.watch_fd);
        if (!gone && !d->stopping && s.end_us > now_us) {
            s.due_us = next_look(&s, now_us);
            push(d, &s);
            continue;
        }
        if (gone)
            *s.gone = true;
        MHD_resume_connection(s.connection);
    }
}

static void *run(void *arg)
{
    struct delays *d = arg;
    (void)pthread_mutex_lock(&d->lock);
    while (!d->stopping || d->count > 0) {
        wake_due(d, clock_mono_us(&clock_real));
        if (d->stopping)
            continue;
        if (d->count == 0) {
            (void)pthread_cond_wait(&d->changed, &d->lock);
            continue;
        }
        int64_t due = d->heap[0].due_us;
        struct timespec until = { .tv_sec = (time_t)(due / 1000000), .tv_nsec = (long)(due % 1000000) * 1000 };
        (void)pthread_cond_timedwait(&d->changed, &d->lock, &until);
    }
    (void)pthread_mutex_unlock(&d->lock);
    return NULL;
}

enum err delays_start(struct delays **ret_d, struct error *e)
{
    struct delays *d = xcalloc(1, sizeof(*d));
    (void)pthread_mutex_init(&d->lock, NULL);
    clock_cond_init(&d->changed);
    int os = pthread_create(&d->thread, NULL, run, d);
    if (os != 0) {
        free(d);
        return error_os(e, os, "cannot start the simulator's timer thread");
    }
    *ret_d = d;
    return OK;
}

bool delays_sleep(struct delays *d, struct MHD_Connection *connection, int64_t us, int watch_fd, bool *gone)
{
    int64_t now_us = clock_mono_us(&clock_real);
    struct sleeper s = { .end_us = now_us + us, .connection = connection, .watch_fd = watch_fd, .gone = gone };
    s.due_us = next_look(&s, now_us);

    (void)pthread_mutex_lock(&d->lock);
    bool sleeps = !d->stopping;
    if (sleeps) {
        MHD_suspend_connection(connection);
        bool first = d->count == 0 || s.due_us < d->heap[0].due_us;
        push(d, &s);
        if (first)
            (void)pthread_cond_signal(&d->changed);
    }
    (void)pthread_mutex_unlock(&d->lock);
    return sleeps;
}

void delays_drain(struct delays *d)
{
    (void)pthread_mutex_lock(&d->lock);
    bool first = !d->stopping;
    d->stopping = true;
    (void)pthread_cond_signal(&d->changed);
    (void)pthread_mutex_unlock(&d->lock);
    if (first)
        (void)pthread_join(d->thread, NULL); /* the thread ends when all are awake */
}

void delays_stop(struct delays *d)
{
    if (!d)
        return;
    delays_drain(d);
    (void)pthread_cond_destroy(&d->changed);
    (void)pthread_mutex_destroy(&d->lock);
    free(d->heap);
    free(d);
}
