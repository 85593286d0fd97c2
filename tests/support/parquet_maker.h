/*
 * parquet_maker - writes a tiny Parquet file of one text column, in which every number can be a lie.
 */
#ifndef SUPPORT_PARQUET_MAKER_H
#define SUPPORT_PARQUET_MAKER_H

#include "base/strbuf.h"

#include <stdint.h>
#include <string.h>

struct lie {
    int64_t file_rows, group_rows, values, chunk_bytes, data_offset, dictionary_offset;
    int64_t page_type, decoded_bytes, page_bytes, entries, encoding, codec, type, chunk_type, repetition, children, groups;
    const char *name;
    size_t name_len;
    const void *body; /* of the page */
    size_t body_len;
    int encrypted; /* 1: the file says so, 2: its column */
    int has_crc;
};

static inline struct lie truth(void)
{
    static const char body[] = "\4\0\0\0code\4\0\0\0word";
    return (struct lie){ .file_rows = 2,
                         .group_rows = 2,
                         .values = 2,
                         .chunk_bytes = -1, /* as it is */
                         .data_offset = 4,
                         .decoded_bytes = sizeof(body) - 1,
                         .page_bytes = sizeof(body) - 1,
                         .entries = 2,
                         .type = 6,
                         .chunk_type = 6,
                         .children = 1,
                         .groups = 1,
                         .name = "x",
                         .name_len = 1,
                         .body = body,
                         .body_len = sizeof(body) - 1 };
}

static inline void put_varint(struct strbuf *b, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        (void)strbuf_addch(b, (char)(value | 0x80));
    (void)strbuf_addch(b, (char)value);
}

/* A field's head: its id as the difference to the one before. */
static inline void put_head(struct strbuf *b, int delta, int type)
{
    (void)strbuf_addch(b, (char)(delta << 4 | type));
}

static inline void put_int(struct strbuf *b, int delta, int type, int64_t value)
{
    put_head(b, delta, type);
    put_varint(b, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static inline void put_text(struct strbuf *b, int delta, const char *text, size_t len)
{
    put_head(b, delta, 8);
    put_varint(b, len);
    (void)strbuf_add(b, text, len);
}

static inline void put_list(struct strbuf *b, int delta, int64_t count)
{
    put_head(b, delta, 9);
    (void)strbuf_addch(b, (char)(0xF0 | 12));
    put_varint(b, (uint64_t)count);
}

enum { STOP = 0, I32 = 5, I64 = 6, STRUCT = 12 };

static inline void put_page(struct strbuf *b, const struct lie *l)
{
    put_int(b, 1, I32, l->page_type);
    put_int(b, 1, I32, l->decoded_bytes);
    put_int(b, 1, I32, l->page_bytes);
    if (l->has_crc)
        put_int(b, 1, I32, 12345);
    put_head(b, l->has_crc ? 1 : 2, STRUCT);
    put_int(b, 1, I32, l->entries);
    put_int(b, 1, I32, l->encoding);
    put_int(b, 1, I32, 3);
    put_int(b, 1, I32, 3);
    (void)strbuf_addch(b, STOP);
    (void)strbuf_addch(b, STOP);
    (void)strbuf_add(b, l->body, l->body_len);
}

static inline void put_group(struct strbuf *b, const struct lie *l, int64_t chunk_bytes)
{
    put_list(b, 1, 1);
    put_int(b, 2, I64, 4); /* of the chunk: file_offset */
    put_head(b, 1, STRUCT);
    put_int(b, 1, I32, l->chunk_type);
    put_int(b, 3, I32, l->codec);
    put_int(b, 1, I64, l->values);
    put_int(b, 1, I64, 0);
    put_int(b, 1, I64, l->chunk_bytes >= 0 ? l->chunk_bytes : chunk_bytes);
    put_int(b, 2, I64, l->data_offset);
    if (l->dictionary_offset)
        put_int(b, 2, I64, l->dictionary_offset);
    (void)strbuf_addch(b, STOP);
    if (l->encrypted == 2) {
        put_head(b, 5, STRUCT);
        (void)strbuf_addch(b, STOP);
    }
    (void)strbuf_addch(b, STOP);
    put_int(b, 1, I64, 0);
    put_int(b, 1, I64, l->group_rows);
    (void)strbuf_addch(b, STOP);
}

static inline void make_parquet(const struct lie *l, struct strbuf *b)
{
    strbuf_clear(b);
    (void)strbuf_addstr(b, "PAR1");
    put_page(b, l);
    size_t footer = b->len;
    put_int(b, 1, I32, 2);
    put_list(b, 1, 2);
    put_text(b, 4, "root", 4);
    put_int(b, 1, I32, l->children);
    (void)strbuf_addch(b, STOP);
    put_int(b, 1, I32, l->type);
    put_int(b, 2, I32, l->repetition);
    put_text(b, 1, l->name, l->name_len);
    put_int(b, 2, I32, 0);
    (void)strbuf_addch(b, STOP);
    put_int(b, 1, I64, l->file_rows);
    put_list(b, 1, l->groups);
    for (int64_t i = 0; i < l->groups && i < 100; i++)
        put_group(b, l, (int64_t)footer - 4);
    if (l->encrypted == 1) {
        put_head(b, 4, STRUCT);
        (void)strbuf_addch(b, STOP);
    }
    (void)strbuf_addch(b, STOP);
    size_t len = b->len - footer;
    char tail[8] = { (char)len, (char)(len >> 8), 0, 0, 'P', 'A', 'R', '1' };
    (void)strbuf_add(b, tail, sizeof(tail));
}

#endif
