/*
 * dispatch - the loop of one I/O thread: admits ready trials within the limits, drives their transfers, reaps replies.
 *
 * Threads   dispatcher_main runs on its own thread; dispatcher_push and dispatcher_wake may be called from others.
 */
#ifndef ENGINE_DISPATCH_H
#define ENGINE_DISPATCH_H

#include "engine/pipeline.h"

struct dispatcher;

enum err dispatcher_new(struct pipeline *p, int index, size_t capacity, struct dispatcher **ret_d, struct error *e) MUST_CHECK;
void dispatcher_free(struct dispatcher *d);
/* Hands a trial in state READY or BACKOFF to its lane's dispatcher. Follow a batch with dispatcher_deliver. */
void dispatcher_push(struct pipeline *p, struct trial *t);
/* Makes it look at its inbox, if something was pushed. */
void dispatcher_deliver(struct dispatcher *d);
/* Makes it look at the lanes and at `stop`. */
void dispatcher_wake(struct dispatcher *d);
void *dispatcher_main(void *dispatcher);

#endif
