/*
 * http_fault - what libcurl's result codes mean to a trial (providers.md 4.3).
 */
#ifndef NET_HTTP_FAULT_H
#define NET_HTTP_FAULT_H

#include "base/http_msg.h"

/* `code` is a CURLcode. Anything unforeseen is HTTP_FAULT_OTHER. */
enum http_fault http_fault_of_curl(int code);

#endif
