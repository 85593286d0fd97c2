/*
 * hub_case - what the tests of hub share: cmocka, and replies made of text.
 */
#ifndef TESTS_HUB_CASE_H
#define TESTS_HUB_CASE_H

#include "base/arena.h"
#include "base/http_msg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline struct http_reply hub_case_reply(int status, const char *headers, const char *body)
{
    struct http_reply r = HTTP_REPLY_INIT;
    r.status = status;
    (void)strbuf_addstr(&r.headers, headers);
    (void)strbuf_addstr(&r.body, body);
    return r;
}

#endif
