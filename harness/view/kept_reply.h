/*
 * kept_reply - a document about one run, made from the rows that are kept of it.
 */
#ifndef VIEW_KEPT_REPLY_H
#define VIEW_KEPT_REPLY_H

#include "view/kept.h"
#include "view/run_rows.h"
#include "view/view_routes.h"

/* Adds what the document tells; kept->value is the run's struct run_rows, `query` what kept_reply was given. */
typedef enum err kept_reply_fill(const struct view_call *c, const struct kept_value *kept, const void *query, struct view_reply *r,
                                 cJSON *document, struct error *e);

/* {"schema_version", "run", and what `fill` adds}: the run is that of the path, and one lock of the store spans all that `fill` reads. */
enum err kept_reply(const struct view_call *c, kept_reply_fill *fill, const void *query, struct view_reply *r, struct error *e) MUST_CHECK;

#endif
