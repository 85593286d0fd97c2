/*
 * base64 - RFC 4648 section 4: standard alphabet, padded, no newlines.
 *
 * Ours because encoding an image is the hot path: the bytes are written straight into the buffer that libcurl sends.
 * Uses AVX2 where the processor has it; the scalar form gives the same bytes.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/strbuf.h"

/* 4 * ceil(len / 3). */
size_t base64_encoded_len(size_t len);
/* Writes base64_encoded_len(len) characters to `out`, no NUL. */
void base64_encode(const void *bytes, size_t len, char *out);
/* Appends the bytes; white space between groups is skipped, anything else foreign is ERR_SYNTAX with its offset. */
enum err base64_decode(const char *text, size_t len, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
