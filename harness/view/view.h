/*
 * view - the store in a browser: pages and a JSON interface on loopback, read while a run may be writing.
 *
 *     view_server.c   microhttpd's callbacks: reads a request, lets admission decide, sends the reply
 *     admission.c     who may ask: Host, Origin, token
 *     view_routes.c   path (view_path.c) and method → the function that answers
 *     pages.c         HTML, style and script
 *     rows_api.c      samples a page at a time: rows_query.c (what is asked), rows_scan.c (the pass), rows_search.c (texts)
 *     browser_api.c   what the report's sample browser reads, of every trial: run_rows.c keeps them
 *     trial_api.c     one trial whole; its images' bytes
 *     run_api.c       runs, how far one is, its numbers
 *     label_api.c     verdicts by the person who looks: the only thing that is written, by label_desk.c
 *     readers.c       reading connections;  kept.c   what is expensive to read, kept until the store changes
 *
 * Threads   one per connection, of microhttpd. A reading connection is used by one of them at a time; the writing one has a lock.
 * Errors    view_start: the address, the store. Afterwards errors are replies.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "base/err.h"
#include "view/run_rows.h"

struct view;

/* All borrowed until view_stop. */
struct view_options {
    const char *listen;        /* "127.0.0.1:0"; refused when other machines could reach it */
    const char *store_path;    /* of an existing store */
    const char *run;           /* the page to begin with: a RUN; NULL = the list */
    const char *baseline;      /* the RUN that `run` is held against; NULL = none */
    const char *labeller;      /* who sets labels */
    struct view_redact redact; /* neither texts nor images of these are served */
};

enum err view_start(const struct view_options *options, struct view **ret_v, struct error *e) MUST_CHECK;
/* With the token: "http://127.0.0.1:8123/?t=…". */
const char *view_url(const struct view *v);
/* Waits for what is being answered. NULL is fine. */
void view_stop(struct view *v);

#endif
