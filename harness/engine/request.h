/*
 * request - builds the request of one trial: maps its images, checks them, hashes them, asks the provider for bytes.
 */
#ifndef ENGINE_REQUEST_H
#define ENGINE_REQUEST_H

#include "engine/lane.h"
#include "engine/trial.h"

struct request_style {
    const char *system; /* NULL = none */
    bool text_first;
};

/* Fills t->request, t->image, t->seen and t->request_sha256. False when the sample cannot be sent to this endpoint: then
   t->decision says skipped with its reason and t->explanation says it in words. */
bool request_prepare(struct trial *t, const struct request_style *style, struct image_source *images);

/* Maps and checks the sample's images into `ret_image` (as many as the sample has). False as above. */
bool request_load_images(struct trial *t, struct image_source *images, struct chat_image *ret_image);
/* The last step: measures t->request, takes its hash and leaves room for the trace id. */
void request_seal(struct trial *t);

/* Random bytes for trace ids, asked of the kernel for many at a time. Starts zeroed; one thread's. */
struct trace_source {
    unsigned char bytes[1024];
    size_t left;
};
/* A fresh trace id for the next attempt, in the header that request_prepare left room for. */
void request_renew_trace(struct trial *t, struct trace_source *source);

#endif
