/*
 * http_finish - turns the end of a transfer into a reply: status, times, fault and words.
 */
#ifndef NET_HTTP_FINISH_H
#define NET_HTTP_FINISH_H

#include "net/http_easy.h"

/* Completes t->reply after the transfer ended with `code`. */
void http_finish(struct http_transfer *t, CURLcode code);
/* The same for one that we ended. */
void http_finish_cancelled(struct http_transfer *t);

#endif
