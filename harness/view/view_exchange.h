/*
 * view_exchange - a request as the routes see it, and the reply they fill: no word of microhttpd.
 */
#ifndef VIEW_VIEW_EXCHANGE_H
#define VIEW_VIEW_EXCHANGE_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "dataset/image_source.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct view_argument {
    const char *name, *value; /* value "" when there is none */
};

struct view_request {
    const char *method; /* HEAD is GET here */
    const char *path;   /* percent escapes are undone */
    const struct view_argument *argument;
    size_t argument_count;
    const char *body;
    size_t body_len;
};

/* What a page may do, as a content security policy; a reply that is no page may do nothing. */
enum view_policy { POLICY_NOTHING, POLICY_APP, POLICY_REPORT };

struct view_reply {
    int status;
    const char *type; /* a constant */
    enum view_policy policy;
    const char *allow; /* of a 405 */
    bool gives_cookie;
    bool behind; /* kept_value.behind, told in a header: the same request later may get something newer */
    struct strbuf body;
    struct image_bytes image; /* in place of body when it has bytes */
};
void view_reply_init(struct view_reply *r);
void view_reply_release(struct view_reply *r);

/* Fills r with the document, compact; bytes that are no UTF-8 become U+FFFD. */
void view_reply_tree(struct view_reply *r, const cJSON *document);
/* The same, and deletes the document. */
void view_reply_json(struct view_reply *r, cJSON *document);
/* {"schema_version":1,"error":message} in place of whatever was there. */
void view_reply_error(struct view_reply *r, int status, const char *message);
/* The same for an error: 404 for what is not there, 400 for what was asked wrongly, else 500. */
void view_reply_fail(struct view_reply *r, const struct error *e);

#endif
