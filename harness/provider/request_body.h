/*
 * request_body - the JSON of a request being written: all text in one buffer, with the places where images are cut in.
 *
 * Image bytes stay where they are: they become BASE64 parts between parts of text, and are encoded on their way out. The same
 * arguments give the same bytes.
 */
#ifndef PROVIDER_REQUEST_BODY_H
#define PROVIDER_REQUEST_BODY_H

#include "provider/provider.h"

struct request_body {
    struct strbuf text;
    size_t *cut; /* offset in text where image i goes */
    size_t cut_count;
};

/* How a protocol writes one part: `{"type":"text","text":` STRING `}` and image_head MIME image_middle BASE64 image_tail. */
struct part_style {
    const char *text_head;
    const char *image_head, *image_middle, *image_tail;
};

/* ERR_INVALID when a text of `c` is not UTF-8; then there is nothing to release. */
enum err request_body_begin(struct request_body *b, const struct chat_request *c, struct arena *a, struct error *e) MUST_CHECK;
void request_body_string(struct request_body *b, const char *text);
/* A JSON array of the prompt and its images, in the order that `c` asks for. An empty prompt is left out beside an image. */
void request_body_parts(struct request_body *b, const struct chat_request *c, const struct part_style *style);
/* Sets r->part. Text lives in `a`, image bytes and labels are borrowed from `c`. ERR_LIMIT when the text is too large. */
enum err request_body_end(const struct request_body *b, const struct chat_request *c, struct arena *a, struct http_request *r,
                          struct error *e) MUST_CHECK;
void request_body_release(struct request_body *b);

#endif
