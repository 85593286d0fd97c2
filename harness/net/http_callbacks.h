/*
 * http_callbacks - what libcurl calls during a transfer. Each only records into its transfer; none calls libcurl.
 */
#ifndef NET_HTTP_CALLBACKS_H
#define NET_HTTP_CALLBACKS_H

#include "net/http_easy.h"

/* The user pointer of each is the struct http_transfer. */
size_t http_on_header(char *line, size_t size, size_t count, void *transfer);
size_t http_on_body(char *bytes, size_t size, size_t count, void *transfer);
size_t http_on_read(char *out, size_t size, size_t count, void *transfer);
int http_on_seek(void *transfer, curl_off_t offset, int origin);
/* A connection is there and the request is about to be sent. */
int http_on_send(void *transfer, char *peer_ip, char *local_ip, int peer_port, int local_port);

/* Over HTTP/2, often: ends a transfer whose reply is there although the request never will be (http_early.h). */
int http_on_progress(void *transfer, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent);

/* Appends `len` bytes with every occurrence of `secret` (NULL or "" = none) replaced by "****". */
void http_add_redacted(struct strbuf *out, const char *bytes, size_t len, const char *secret);

#endif
