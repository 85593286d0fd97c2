/*
 * thumb - a small JPEG of an image, for pages: decoded with libgd and encoded anew, so nothing of the file but its look survives.
 *
 * The file is hostile. What it is and how large it would be is read from its own headers first (dataset/image.h), and what is no whole
 * PNG, JPEG, WebP or GIF, or has more than MAX_THUMB_PIXELS, is never given to a decoder. Of an animation the first picture counts.
 * Transparency is laid on white.
 *
 * Threads   any number, each with its own images.
 */
#ifndef THUMB_THUMB_H
#define THUMB_THUMB_H

#include "base/err.h"
#include "base/strbuf.h"

enum { THUMB_SIDE = 160 };

/* Appends a JPEG of at most THUMB_SIDE x THUMB_SIDE pixels. ERR_INVALID: no such image; ERR_LIMIT: too many pixels; ERR_UNSUPPORTED: no libgd on
   this machine. */
enum err thumb_make(const unsigned char *bytes, size_t len, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
