#include "dataset/parquet_delta.h"

enum { MAX_BLOCK = 1 << 20, MAX_MINIS = 1 << 10 };

static bool read_varint(struct parquet_delta *d, uint64_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && d->at < d->end; shift += 7) {
        unsigned byte = *d->at++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *ret = value;
            return true;
        }
    }
    return false;
}

static bool read_zigzag(struct parquet_delta *d, uint64_t *ret)
{
    uint64_t coded;
    if (!read_varint(d, &coded))
        return false;
    *ret = (coded >> 1) ^ (0 - (coded & 1));
    return true;
}

bool parquet_delta_init(struct parquet_delta *d, const unsigned char *bytes, size_t len)
{
    uint64_t block;
    *d = (struct parquet_delta){ .at = bytes, .end = bytes + len, .first = true };
    if (!read_varint(d, &block) || !read_varint(d, &d->minis) || !read_varint(d, &d->left) || !read_zigzag(d, &d->value))
        return false;
    if (block == 0 || block > MAX_BLOCK || d->minis == 0 || d->minis > MAX_MINIS || block % d->minis != 0)
        return false;
    d->per_mini = block / d->minis;
    return d->per_mini % 8 == 0;
}

static bool begin_block(struct parquet_delta *d)
{
    if (!read_zigzag(d, &d->min_delta) || (uint64_t)(d->end - d->at) < d->minis)
        return false;
    d->width = d->at;
    d->at += d->minis;
    d->minis_left = d->minis;
    return true;
}

/* A miniblock is written whole, padded if need be. */
static bool begin_mini(struct parquet_delta *d)
{
    d->mini_width = *d->width++;
    d->minis_left--;
    uint64_t bytes = d->per_mini / 8 * d->mini_width;
    if (d->mini_width > 64 || bytes > (uint64_t)(d->end - d->at))
        return false;
    d->packed = d->at;
    d->at += bytes;
    d->bit = 0;
    d->mini_left = d->per_mini;
    return true;
}

static uint64_t read_packed(struct parquet_delta *d)
{
    uint64_t value = 0;
    for (unsigned got = 0; got < d->mini_width;) {
        unsigned skip = (unsigned)(d->bit & 7), take = 8 - skip;
        if (take > d->mini_width - got)
            take = d->mini_width - got;
        uint64_t part = ((uint64_t)d->packed[d->bit >> 3] >> skip) & ((1u << take) - 1);
        value |= part << got;
        got += take;
        d->bit += take;
    }
    return value;
}

bool parquet_delta_next(struct parquet_delta *d, int64_t *ret)
{
    if (d->left == 0)
        return false;
    if (!d->first) {
        if (d->mini_left == 0 && ((d->minis_left == 0 && !begin_block(d)) || !begin_mini(d)))
            return false;
        d->mini_left--;
        d->value += d->min_delta + read_packed(d);
    }
    d->first = false;
    d->left--;
    *ret = (int64_t)d->value;
    return true;
}

const unsigned char *parquet_delta_end(const struct parquet_delta *d)
{
    struct parquet_delta copy = *d;
    int64_t value;
    while (copy.left > 0)
        if (!parquet_delta_next(&copy, &value))
            return NULL;
    return copy.at;
}
