#include "net/http_once.h"

enum err http_once(struct http_client *c, const struct http_request *request, const struct http_route *route, struct http_reply *ret,
                   struct error *e)
{
    void *user;
    enum err rc = http_client_start(c, request, route, ret, e);
    while (rc == OK && !http_client_take(c, &user, ret))
        rc = http_client_wait(c, INT64_MAX, e);
    return rc;
}
