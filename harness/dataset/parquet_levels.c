#include "dataset/parquet_levels.h"

void parquet_levels_init(struct parquet_levels *l, const unsigned char *bytes, size_t len, unsigned width)
{
    *l = (struct parquet_levels){ .at = bytes, .end = bytes + len, .width = width };
}

unsigned parquet_levels_width(uint32_t max)
{
    unsigned width = 0;
    for (; max > 0; max >>= 1)
        width++;
    return width;
}

static bool read_head(struct parquet_levels *l, uint64_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35 && l->at < l->end; shift += 7) {
        unsigned byte = *l->at++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *ret = value;
            return true;
        }
    }
    return false;
}

/* A run of one value, written in whole bytes. */
static bool begin_run(struct parquet_levels *l, uint64_t count)
{
    size_t bytes = (l->width + 7) / 8;
    if ((size_t)(l->end - l->at) < bytes)
        return false;
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint32_t)l->at[i] << (8 * i);
    l->at += bytes;
    l->run_left = count;
    l->run_value = value;
    l->is_packed = false;
    return true;
}

/* Groups of eight numbers. Some writers leave out the bytes behind the last number; then only those are missing. */
static bool begin_groups(struct parquet_levels *l, uint64_t groups)
{
    uint64_t bytes = groups * l->width, left = (uint64_t)(l->end - l->at);
    l->packed = l->at;
    l->bit = 0;
    l->is_packed = true;
    l->run_left = bytes <= left ? groups * 8 : left * 8 / l->width;
    l->at += bytes <= left ? bytes : left;
    return true;
}

static uint32_t read_packed(struct parquet_levels *l)
{
    uint64_t value = 0;
    for (unsigned got = 0; got < l->width;) {
        unsigned skip = (unsigned)(l->bit & 7), take = 8 - skip;
        if (take > l->width - got)
            take = l->width - got;
        uint64_t part = ((uint64_t)l->packed[l->bit >> 3] >> skip) & ((1u << take) - 1);
        value |= part << got;
        got += take;
        l->bit += take;
    }
    return (uint32_t)value;
}

bool parquet_levels_next(struct parquet_levels *l, uint32_t *ret)
{
    if (l->width == 0) {
        *ret = 0;
        return true;
    }
    while (l->run_left == 0) {
        uint64_t head;
        if (!read_head(l, &head) || !(head & 1 ? begin_groups(l, head >> 1) : begin_run(l, head >> 1)))
            return false;
    }
    l->run_left--;
    *ret = l->is_packed ? read_packed(l) : l->run_value;
    return true;
}
