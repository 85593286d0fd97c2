#include "dataset/parquet_block.h"

#include <stdint.h>
#include <string.h>

struct block {
    const unsigned char *at, *end;
    unsigned char *to, *to_start, *to_end;
};

static bool copy_literal(struct block *b, size_t len)
{
    if (len > (size_t)(b->end - b->at) || len > (size_t)(b->to_end - b->to))
        return false;
    if (len > 0)
        memcpy(b->to, b->at, len);
    b->at += len;
    b->to += len;
    return true;
}

/* From what is already written. A distance below the length repeats what this very copy has just written. */
static bool copy_match(struct block *b, size_t distance, size_t len)
{
    if (distance == 0 || distance > (size_t)(b->to - b->to_start) || len > (size_t)(b->to_end - b->to))
        return false;
    const unsigned char *from = b->to - distance;
    if (distance >= len) {
        memcpy(b->to, from, len);
        b->to += len;
        return true;
    }
    while (len-- > 0)
        *b->to++ = *from++;
    return true;
}

static size_t read_le(const unsigned char *bytes, size_t count)
{
    size_t value = 0;
    for (size_t i = 0; i < count; i++)
        value |= (size_t)bytes[i] << (8 * i);
    return value;
}

/* ---- Snappy: the length as a varint, then elements whose low two bits say what they are ---- */

static bool snappy_length(struct block *b, size_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35 && b->at < b->end; shift += 7) {
        unsigned byte = *b->at++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *ret = (size_t)value;
            return true;
        }
    }
    return false;
}

static bool snappy_literal(struct block *b, unsigned tag)
{
    size_t len = tag >> 2;
    if (len >= 60) {
        size_t count = len - 59;
        if (count > (size_t)(b->end - b->at))
            return false;
        len = read_le(b->at, count);
        b->at += count;
    }
    return copy_literal(b, len + 1);
}

static bool snappy_copy(struct block *b, unsigned tag)
{
    static const size_t extra[] = { 0, 1, 2, 4 }; /* bytes of the distance, by kind */
    size_t count = extra[tag & 3];
    if (count > (size_t)(b->end - b->at))
        return false;
    size_t distance = read_le(b->at, count), len = (tag >> 2) + 1;
    b->at += count;
    if ((tag & 3) == 1) {
        distance |= (size_t)(tag >> 5) << 8;
        len = ((tag >> 2) & 7) + 4;
    }
    return copy_match(b, distance, len);
}

bool parquet_snappy(const unsigned char *from, size_t from_len, unsigned char *to, size_t to_len)
{
    struct block b = { from, from + from_len, to, to, to + to_len };
    size_t claimed;
    if (!snappy_length(&b, &claimed) || claimed != to_len)
        return false;
    while (b.at < b.end) {
        unsigned tag = *b.at++;
        if (!((tag & 3) == 0 ? snappy_literal(&b, tag) : snappy_copy(&b, tag)))
            return false;
    }
    return b.to == b.to_end;
}

/* ---- LZ4: sequences of literals and a match; the last one has literals only ---- */

static bool lz4_length(struct block *b, size_t *len)
{
    unsigned byte = 255;
    if (*len < 15)
        return true;
    while (byte == 255) {
        if (b->at == b->end)
            return false;
        byte = *b->at++;
        *len += byte;
    }
    return true;
}

bool parquet_lz4(const unsigned char *from, size_t from_len, unsigned char *to, size_t to_len)
{
    struct block b = { from, from + from_len, to, to, to + to_len };
    while (b.at < b.end) {
        unsigned token = *b.at++;
        size_t literals = token >> 4, match = token & 15;
        if (!lz4_length(&b, &literals) || !copy_literal(&b, literals))
            return false;
        if (b.at == b.end)
            break;
        if (b.end - b.at < 2)
            return false;
        size_t distance = read_le(b.at, 2);
        b.at += 2;
        if (!lz4_length(&b, &match) || !copy_match(&b, distance, match + 4))
            return false;
    }
    return b.to == b.to_end;
}
