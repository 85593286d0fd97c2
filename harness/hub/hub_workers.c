#include "hub/hub_workers.h"

#include "base/arena.h"
#include "base/queue.h"

#include <pthread.h>
#include <signal.h>

struct hub_workers {
    struct queue *in, *out;
    void (*work)(void *item);
    void (*wake)(void *context);
    void *context;
    pthread_t *thread;
    size_t count;
};

static void *serve(void *workers)
{
    struct hub_workers *w = workers;
    void *item;
    while (queue_pop_many(w->in, &item, 1) == 1) {
        w->work(item);
        (void)queue_push(w->out, item);
        w->wake(w->context);
    }
    return NULL;
}

enum err hub_workers_new(size_t threads, size_t capacity, void (*work)(void *item), void (*wake)(void *context), void *context,
                         struct hub_workers **ret, struct error *e)
{
    sigset_t all, before;
    struct hub_workers *w = xcalloc(1, sizeof(*w));
    *w = (struct hub_workers){ .in = queue_new(capacity), .out = queue_new(capacity), .work = work, .wake = wake, .context = context };
    w->thread = xcalloc(threads, sizeof(*w->thread));
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the thread that waits for the network */
    int failed = 0;
    while (w->count < threads && (failed = pthread_create(&w->thread[w->count], NULL, serve, w)) == 0)
        w->count++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (w->count == 0) {
        hub_workers_free(w);
        return error_os(e, failed, "cannot start a thread");
    }
    *ret = w;
    return OK;
}

void hub_workers_give(struct hub_workers *w, void *item)
{
    (void)queue_push(w->in, item);
}

void *hub_workers_take(struct hub_workers *w)
{
    void *item = NULL;
    return queue_count(w->out) > 0 && queue_pop_many(w->out, &item, 1) == 1 ? item : NULL;
}

void hub_workers_free(struct hub_workers *w)
{
    if (!w)
        return;
    queue_close(w->in);
    for (size_t i = 0; i < w->count; i++)
        (void)pthread_join(w->thread[i], NULL);
    queue_close(w->out);
    queue_free(w->in);
    queue_free(w->out);
    free(w->thread);
    free(w);
}
