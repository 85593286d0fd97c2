#include "dataset/parquet_page.h"

#include "core/limits.h"
#include "dataset/parquet_codec.h"

#include <zlib.h>

enum { ENCODING_RLE = 3, ENCODING_BIT_PACKED = 4 };

/* ---- Headers ---- */

static void read_data_header(struct thrift *t, enum thrift_type type, struct parquet_page_header *h)
{
    struct thrift_field f = { 0 };
    thrift_enter(t, type);
    while (thrift_next(t, &f)) {
        switch (f.id) {
        case 1: h->entry_count = thrift_int32(t, f.type); break;
        case 2: h->encoding = thrift_int32(t, f.type); break;
        case 3: h->def_encoding = thrift_int32(t, f.type); break;
        case 4: h->rep_encoding = thrift_int32(t, f.type); break;
        default: thrift_skip(t, f.type);
        }
    }
}

static void read_data_header_v2(struct thrift *t, enum thrift_type type, struct parquet_page_header *h)
{
    struct thrift_field f = { 0 };
    h->is_compressed = true; /* when it is not said */
    h->def_encoding = h->rep_encoding = ENCODING_RLE;
    thrift_enter(t, type);
    while (thrift_next(t, &f)) {
        switch (f.id) {
        case 1: h->entry_count = thrift_int32(t, f.type); break;
        case 4: h->encoding = thrift_int32(t, f.type); break;
        case 5: h->def_bytes = thrift_int32(t, f.type); break;
        case 6: h->rep_bytes = thrift_int32(t, f.type); break;
        case 7:
            h->is_compressed = thrift_bool(f.type);
            thrift_skip(t, f.type);
            break;
        default: thrift_skip(t, f.type);
        }
    }
}

static void read_dictionary_header(struct thrift *t, enum thrift_type type, struct parquet_page_header *h)
{
    struct thrift_field f = { 0 };
    thrift_enter(t, type);
    while (thrift_next(t, &f)) {
        if (f.id == 1)
            h->entry_count = thrift_int32(t, f.type);
        else
            thrift_skip(t, f.type);
    }
}

static void read_size(struct thrift *t, enum thrift_type type, size_t *ret)
{
    int32_t size = thrift_int32(t, type);
    if (size < 0)
        thrift_fail(t, "a size is negative");
    *ret = t->problem ? 0 : (size_t)size;
}

static void read_header(struct thrift *t, struct parquet_page_header *h)
{
    struct thrift_field f = { 0 };
    while (thrift_next(t, &f)) {
        switch (f.id) {
        case 1: h->type = thrift_int32(t, f.type); break;
        case 2: read_size(t, f.type, &h->decoded_bytes); break;
        case 3: read_size(t, f.type, &h->compressed_bytes); break;
        case 4:
            h->crc = (uint32_t)thrift_int32(t, f.type);
            h->has_crc = true;
            break;
        case 5: read_data_header(t, f.type, h); break;
        case 7: read_dictionary_header(t, f.type, h); break;
        case 8: read_data_header_v2(t, f.type, h); break;
        default: thrift_skip(t, f.type);
        }
    }
}

enum err parquet_page_header_read(const unsigned char *bytes, size_t len, struct parquet_page_header *ret, struct error *e)
{
    struct parquet_page_header h = { .type = -1, .is_compressed = true };
    struct thrift t;
    thrift_init(&t, bytes, len);
    const unsigned char *start = t.at;
    read_header(&t, &h);
    if (t.problem)
        return error_set(e, ERR_SYNTAX, "its header cannot be read: %s", t.problem);
    h.header_bytes = (size_t)(t.at - start);
    if (h.compressed_bytes > len - h.header_bytes)
        return error_set(e, ERR_SYNTAX, "its %zu bytes reach beyond the %zu that its column chunk has left", h.compressed_bytes,
                         len - h.header_bytes);
    if (h.decoded_bytes > MAX_PARQUET_PAGE_BYTES)
        return error_set(e, ERR_LIMIT, "it is larger than %zu MiB", MAX_PARQUET_PAGE_BYTES / MIB);
    if (h.entry_count < 0 || h.entry_count > MAX_PARQUET_ROWS || h.def_bytes < 0 || h.rep_bytes < 0)
        return error_set(e, ERR_SYNTAX, "its header has impossible counts");
    *ret = h;
    return OK;
}

/* ---- Bodies ---- */

static enum err check_crc(const struct parquet_page_header *h, const unsigned char *body, struct error *e)
{
    if (!h->has_crc || (uint32_t)crc32_z(0, body, h->compressed_bytes) == h->crc)
        return OK;
    return error_set(e, ERR_SYNTAX, "its check sum is wrong: the file is damaged; fetch it again");
}

enum err parquet_page_decode(const struct parquet_page_header *h, const unsigned char *body, int32_t codec, struct strbuf *buffer,
                             const unsigned char **ret, struct error *e)
{
    enum err err = check_crc(h, body, e);
    if (err != OK)
        return err;
    return parquet_codec_decode(h->is_compressed ? codec : PARQUET_UNCOMPRESSED, body, h->compressed_bytes, h->decoded_bytes, buffer, ret,
                                e);
}

/* Version 1: each kind of levels stands before the values, with its length in front. */
static enum err take_levels(const unsigned char **at, const unsigned char *end, int32_t encoding, unsigned max, struct parquet_levels *ret,
                            struct error *e)
{
    parquet_levels_init(ret, *at, 0, 0);
    if (max == 0)
        return OK;
    if (encoding != ENCODING_RLE)
        return error_set(e, encoding == ENCODING_BIT_PACKED ? ERR_UNSUPPORTED : ERR_SYNTAX,
                         "its levels are written in a way that is not read (number %d)", (int)encoding);
    if (end - *at < 4)
        return error_set(e, ERR_SYNTAX, "it ends inside its levels");
    const unsigned char *b = *at;
    size_t len = (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
    if (len > (size_t)(end - b) - 4)
        return error_set(e, ERR_SYNTAX, "it ends inside its levels");
    parquet_levels_init(ret, b + 4, len, parquet_levels_width(max));
    *at = b + 4 + len;
    return OK;
}

static enum err open_v1(const struct parquet_page_header *h, const unsigned char *body, int32_t codec, const struct parquet_leaf *leaf,
                        struct strbuf *buffer, struct parquet_page *p, const unsigned char **ret_at, const unsigned char **ret_end,
                        struct error *e)
{
    const unsigned char *at = NULL;
    enum err err = parquet_page_decode(h, body, codec, buffer, &at, e);
    if (err != OK)
        return err;
    *ret_end = at + h->decoded_bytes;
    err = take_levels(&at, *ret_end, h->rep_encoding, leaf->max_rep, &p->rep, e);
    if (err == OK)
        err = take_levels(&at, *ret_end, h->def_encoding, leaf->max_def, &p->def, e);
    *ret_at = at;
    return err;
}

/* Version 2: the levels stand first, never compressed, and the header has their lengths. */
static enum err open_v2(const struct parquet_page_header *h, const unsigned char *body, int32_t codec, const struct parquet_leaf *leaf,
                        struct strbuf *buffer, struct parquet_page *p, const unsigned char **ret_at, const unsigned char **ret_end,
                        struct error *e)
{
    size_t rep = (size_t)h->rep_bytes, levels = rep + (size_t)h->def_bytes;
    if (levels > h->compressed_bytes || levels > h->decoded_bytes)
        return error_set(e, ERR_SYNTAX, "its levels are longer than the page");
    enum err err = check_crc(h, body, e);
    if (err == OK)
        err = parquet_codec_decode(h->is_compressed ? codec : PARQUET_UNCOMPRESSED, body + levels, h->compressed_bytes - levels,
                                   h->decoded_bytes - levels, buffer, ret_at, e);
    if (err != OK)
        return err;
    *ret_end = *ret_at + (h->decoded_bytes - levels);
    parquet_levels_init(&p->rep, body, rep, parquet_levels_width(leaf->max_rep));
    parquet_levels_init(&p->def, body + rep, levels - rep, parquet_levels_width(leaf->max_def));
    return OK;
}

enum err parquet_page_open(const struct parquet_page_header *h, const unsigned char *body, int32_t codec, const struct parquet_leaf *leaf,
                           const struct parquet_dictionary *dictionary, struct strbuf *buffer, struct strbuf *joined,
                           struct parquet_page *ret, struct error *e)
{
    const unsigned char *at = NULL, *end = NULL;
    struct parquet_page page;
    enum err err = h->type == PARQUET_DATA_PAGE ? open_v1(h, body, codec, leaf, buffer, &page, &at, &end, e)
                                                : open_v2(h, body, codec, leaf, buffer, &page, &at, &end, e);
    if (err == OK)
        err = parquet_values_init(&page.values, h->encoding, leaf->type, leaf->type_length, at, (size_t)(end - at),
                                  (uint64_t)h->entry_count, dictionary, joined, e);
    if (err == OK)
        *ret = page;
    return err;
}
