/*
 * archive_builder - writes zip and tar archives byte by byte, honest and hostile ones, for tests.
 *
 * Owner     the caller: `struct strbuf` holds the archive; of a zip also its directory until zip_end.
 */
#ifndef SUPPORT_ARCHIVE_BUILDER_H
#define SUPPORT_ARCHIVE_BUILDER_H

#include "base/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* ---- Zip ---- */

struct zip_builder {
    struct strbuf out, directory;
    unsigned count;
};

#define ZIP_BUILDER_INIT                                                                                                                   \
    {                                                                                                                                      \
        .out = STRBUF_INIT, .directory = STRBUF_INIT                                                                                       \
    }

/* What a member says of itself; 0 or NULL = the truth. */
struct zip_lies {
    uint16_t flags, method, local_method;
    uint32_t size, packed, crc, mode, header;
    const char *extra; /* of extra_len bytes */
    size_t extra_len;
};

static inline void put16(struct strbuf *b, unsigned value)
{
    char bytes[2] = { (char)value, (char)(value >> 8) };
    (void)strbuf_add(b, bytes, 2);
}

static inline void put32(struct strbuf *b, uint32_t value)
{
    put16(b, value & 0xFFFF);
    put16(b, value >> 16);
}

static inline void zip_add_lying(struct zip_builder *z, const char *name, const void *bytes, size_t len, bool deflated,
                                 const struct zip_lies *lies)
{
    struct zip_lies none = { 0 };
    const struct zip_lies *l = lies ? lies : &none;
    uint32_t at = (uint32_t)z->out.len, crc = l->crc ? l->crc : (uint32_t)crc32(0, bytes, (uInt)len);
    static unsigned char packed[1 << 20];
    z_stream s = { .next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)len, .next_out = packed, .avail_out = sizeof(packed) };
    if (deflated) {
        if (deflateInit2(&s, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK || deflate(&s, Z_FINISH) != Z_STREAM_END)
            abort();
        (void)deflateEnd(&s);
        bytes = packed;
    }
    size_t stored = deflated ? s.total_out : len;
    unsigned method = l->method ? l->method : deflated ? 8 : 0;
    uint32_t size = l->size ? l->size : (uint32_t)len, claimed = l->packed ? l->packed : (uint32_t)stored;

    put32(&z->out, 0x04034B50);
    put16(&z->out, 20);
    put16(&z->out, l->flags);
    put16(&z->out, l->local_method ? l->local_method : method);
    put32(&z->out, 0);
    put32(&z->out, crc);
    put32(&z->out, claimed);
    put32(&z->out, size);
    put16(&z->out, (unsigned)strlen(name));
    put16(&z->out, 0);
    (void)strbuf_addstr(&z->out, name);
    (void)strbuf_add(&z->out, bytes, stored);

    put32(&z->directory, 0x02014B50);
    put16(&z->directory, 3 << 8 | 20);
    put16(&z->directory, 20);
    put16(&z->directory, l->flags);
    put16(&z->directory, method);
    put32(&z->directory, 0);
    put32(&z->directory, crc);
    put32(&z->directory, claimed);
    put32(&z->directory, size);
    put16(&z->directory, (unsigned)strlen(name));
    put16(&z->directory, (unsigned)l->extra_len);
    put16(&z->directory, 0);
    put16(&z->directory, 0);
    put16(&z->directory, 0);
    put32(&z->directory, (l->mode ? l->mode : 0100644u) << 16);
    put32(&z->directory, l->header ? l->header : at);
    (void)strbuf_addstr(&z->directory, name);
    (void)strbuf_add(&z->directory, l->extra, l->extra_len);
    z->count++;
}

static inline void zip_add(struct zip_builder *z, const char *name, const char *text, bool deflated)
{
    zip_add_lying(z, name, text, strlen(text), deflated, NULL);
}

/* Ends the archive: it is then z->out. */
static inline void zip_end(struct zip_builder *z)
{
    uint32_t at = (uint32_t)z->out.len;
    (void)strbuf_add(&z->out, z->directory.buf, z->directory.len);
    put32(&z->out, 0x06054B50);
    put32(&z->out, 0);
    put16(&z->out, z->count);
    put16(&z->out, z->count);
    put32(&z->out, (uint32_t)z->directory.len);
    put32(&z->out, at);
    put16(&z->out, 0);
}

static inline void zip_release(struct zip_builder *z)
{
    strbuf_release(&z->out);
    strbuf_release(&z->directory);
}

/* ---- Tar ---- */

enum { TAR_FILE = '0', TAR_HARD_LINK = '1', TAR_SYMBOLIC_LINK = '2', TAR_DEVICE = '3', TAR_FOLDER = '5', TAR_PIPE = '6' };

/* A ustar header; `claimed` is the size that it says. */
static inline void tar_add_header(struct strbuf *t, const char *name, char type, uint64_t claimed, const char *link)
{
    char header[513] = { 0 };
    unsigned sum = 8 * ' ';
    (void)snprintf(header, 100, "%s", name);
    (void)snprintf(header + 100, 8, "%07o", 0644);
    (void)snprintf(header + 108, 8, "%07o", 0);
    (void)snprintf(header + 116, 8, "%07o", 0);
    (void)snprintf(header + 124, 13, "%012llo", (unsigned long long)claimed & 0xFFFFFFFFF);
    (void)snprintf(header + 136, 12, "%011o", 0);
    header[156] = type;
    (void)snprintf(header + 157, 100, "%s", link);
    memcpy(header + 257, "ustar\00000", 8);
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? 0 : (unsigned char)header[i];
    (void)snprintf(header + 148, 8, "%06o", sum);
    (void)strbuf_add(t, header, 512);
}

static inline void tar_add_bytes(struct strbuf *t, const char *name, const void *bytes, size_t len)
{
    static const char zeros[512];
    tar_add_header(t, name, TAR_FILE, len, "");
    (void)strbuf_add(t, bytes, len);
    (void)strbuf_add(t, zeros, (512 - len % 512) % 512);
}

static inline void tar_add(struct strbuf *t, const char *name, const char *text)
{
    tar_add_bytes(t, name, text, strlen(text));
}

static inline void tar_end(struct strbuf *t)
{
    static const char zeros[1024];
    (void)strbuf_add(t, zeros, sizeof(zeros));
}

/* The same bytes compressed by gzip, replacing what `out` held. */
static inline void gzip_all(const struct strbuf *in, struct strbuf *out)
{
    z_stream s = { .next_in = (Bytef *)in->buf, .avail_in = (uInt)in->len };
    strbuf_clear(out);
    if (deflateInit2(&s, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    uLong bound = deflateBound(&s, (uLong)in->len);
    s.next_out = (Bytef *)strbuf_reserve(out, bound);
    s.avail_out = (uInt)bound;
    if (deflate(&s, Z_FINISH) != Z_STREAM_END)
        abort();
    strbuf_commit(out, s.total_out);
    (void)deflateEnd(&s);
}

#endif
