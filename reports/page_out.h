/*
 * page_out - where a page goes while it is written: bytes are counted, and a page that grows beyond its ceiling is refused.
 *
 * Owner     the caller; `context` is borrowed.
 * Errors    those of `write`; ERR_LIMIT, with what to do, beyond `max_bytes`.
 */
#ifndef REPORTS_PAGE_OUT_H
#define REPORTS_PAGE_OUT_H

#include "base/err.h"
#include "base/strbuf.h"

#include <stddef.h>
#include <stdint.h>

typedef enum err page_write_fn(const void *bytes, size_t len, void *context, struct error *e);

struct page_out {
    page_write_fn *write;
    void *context;
    uint64_t bytes, max_bytes; /* written so far; 0 = no ceiling */
};

enum err page_out_add(struct page_out *out, const void *bytes, size_t len, struct error *e) MUST_CHECK;
enum err page_out_text(struct page_out *out, const char *text, struct error *e) MUST_CHECK;
/* A page_write_fn whose context is a strbuf. */
enum err page_write_strbuf(const void *bytes, size_t len, void *context, struct error *e) MUST_CHECK;

#endif
