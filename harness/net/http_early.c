#include "net/http_early.h"

bool http_early_ends(struct http_early *e, bool whole, uint64_t moved_bytes, int64_t now_us)
{
    if (e->moved_us == 0 || moved_bytes != e->moved_bytes) {
        e->moved_bytes = moved_bytes;
        e->moved_us = now_us;
    }
    e->ended = whole || now_us - e->moved_us >= HTTP_EARLY_SILENCE_US;
    return e->ended;
}
