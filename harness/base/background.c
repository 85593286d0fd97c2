#include "base/background.h"

#include <assert.h>
#include <stddef.h>

static void *run(void *background)
{
    struct background *b = background;
    b->work(b->context);
    return NULL;
}

void background_start(struct background *b, background_fn *work, void *context)
{
    assert(!b->running);
    b->work = work;
    b->context = context;
    b->running = true; /* before the thread is there, which never looks at it */
    if (pthread_create(&b->thread, NULL, run, b) == 0) {
        (void)pthread_setname_np(b->thread, "background");
        return;
    }
    b->running = false;
    work(context);
}

void background_wait(struct background *b)
{
    if (b->running)
        (void)pthread_join(b->thread, NULL);
    b->running = false;
}
