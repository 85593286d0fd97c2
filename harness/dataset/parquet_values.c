#include "dataset/parquet_values.h"

#include "core/limits.h"

#include <string.h>

/* The format's numbers. */
enum encoding {
    ENCODING_PLAIN = 0,
    ENCODING_PLAIN_DICTIONARY = 2,
    ENCODING_RLE = 3,
    ENCODING_DELTA_BINARY_PACKED = 5,
    ENCODING_DELTA_LENGTH_BYTE_ARRAY = 6,
    ENCODING_DELTA_BYTE_ARRAY = 7,
    ENCODING_RLE_DICTIONARY = 8,
    ENCODING_BYTE_STREAM_SPLIT = 9
};

static uint32_t le32(const unsigned char *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t le64(const unsigned char *b)
{
    return le32(b) | (uint64_t)le32(b + 4) << 32;
}

static size_t left(const struct parquet_values *v)
{
    return (size_t)(v->end - v->at);
}

/* ---- Beginning ---- */

static enum err broken(struct error *e, const char *what)
{
    return error_set(e, ERR_SYNTAX, "its values are damaged: %s", what);
}

static enum err unfit(struct error *e, const char *name)
{
    return error_set(e, ERR_SYNTAX, "it is encoded as %s, which does not fit its type", name);
}

static enum err begin_dictionary(struct parquet_values *v, struct error *e)
{
    v->how = PARQUET_READ_DICTIONARY;
    unsigned width = v->at < v->end ? *v->at++ : 0;
    if (width > 32)
        return broken(e, "an index of more than 32 bits");
    parquet_levels_init(&v->levels, v->at, left(v), width);
    return OK;
}

static enum err begin_rle(struct parquet_values *v, struct error *e)
{
    v->how = PARQUET_READ_RLE;
    if (v->type != PARQUET_BOOLEAN)
        return unfit(e, "RLE");
    if (left(v) < 4 || le32(v->at) > left(v) - 4)
        return broken(e, "they end early");
    parquet_levels_init(&v->levels, v->at + 4, le32(v->at), 1);
    return OK;
}

/* Numbers that stand before what they are the lengths of: `at` moves behind them. */
static enum err begin_numbers(struct parquet_values *v, struct parquet_delta *d, uint64_t count, struct error *e)
{
    if (!parquet_delta_init(d, v->at, left(v)) || d->left > count)
        return broken(e, "the head of a delta encoding is impossible");
    const unsigned char *end = parquet_delta_end(d);
    if (!end)
        return broken(e, "a delta encoding ends early");
    v->at = end;
    return OK;
}

static enum err begin_delta(struct parquet_values *v, enum encoding encoding, uint64_t count, struct error *e)
{
    if (encoding == ENCODING_DELTA_BINARY_PACKED) {
        v->how = PARQUET_READ_DELTA;
        if (v->type != PARQUET_INT32 && v->type != PARQUET_INT64)
            return unfit(e, "DELTA_BINARY_PACKED");
        return parquet_delta_init(&v->number, v->at, left(v)) ? OK : broken(e, "the head of a delta encoding is impossible");
    }
    bool joined = encoding == ENCODING_DELTA_BYTE_ARRAY;
    v->how = joined ? PARQUET_READ_JOINED : PARQUET_READ_LENGTHS;
    if (v->type != PARQUET_BYTE_ARRAY && !(joined && v->type == PARQUET_FIXED))
        return unfit(e, joined ? "DELTA_BYTE_ARRAY" : "DELTA_LENGTH_BYTE_ARRAY");
    strbuf_clear(v->joined);
    enum err err = joined ? begin_numbers(v, &v->prefix, count, e) : OK;
    return err == OK ? begin_numbers(v, &v->number, count, e) : err;
}

enum err parquet_values_init(struct parquet_values *v, int32_t encoding, enum parquet_type type, int32_t type_length,
                             const unsigned char *bytes, size_t len, uint64_t count, const struct parquet_dictionary *dictionary,
                             struct strbuf *joined, struct error *e)
{
    *v = (struct parquet_values){ .type = type, .type_length = type_length, .at = bytes, .end = bytes + len };
    v->dictionary = dictionary;
    v->joined = joined;
    if (len == 0 && encoding != ENCODING_PLAIN) { /* a page of nulls; some writers leave even the heads out */
        v->how = PARQUET_READ_PLAIN;
        return OK;
    }
    switch (encoding) {
    case ENCODING_PLAIN: v->how = PARQUET_READ_PLAIN; return OK;
    case ENCODING_PLAIN_DICTIONARY:
    case ENCODING_RLE_DICTIONARY: return begin_dictionary(v, e);
    case ENCODING_RLE: return begin_rle(v, e);
    case ENCODING_DELTA_BINARY_PACKED:
    case ENCODING_DELTA_LENGTH_BYTE_ARRAY:
    case ENCODING_DELTA_BYTE_ARRAY: return begin_delta(v, (enum encoding)encoding, count, e);
    case ENCODING_BYTE_STREAM_SPLIT:
        return error_set(e, ERR_UNSUPPORTED, "it is encoded as BYTE_STREAM_SPLIT, which this build does not read");
    default: return error_set(e, ERR_UNSUPPORTED, "it has an encoding that is not known (number %d)", (int)encoding);
    }
}

/* ---- One value ---- */

static bool take_bytes(struct parquet_values *v, size_t len, struct parquet_value *ret)
{
    if (len > left(v))
        return false;
    *ret = (struct parquet_value){ .bytes = v->at, .len = len };
    v->at += len;
    return true;
}

static double float_of(uint32_t bits)
{
    float f;
    memcpy(&f, &bits, sizeof(f));
    return (double)f;
}

static double double_of(uint64_t bits)
{
    double f;
    memcpy(&f, &bits, sizeof(f));
    return f;
}

static bool next_bit(struct parquet_values *v, struct parquet_value *ret)
{
    if (v->at == v->end)
        return false;
    *ret = (struct parquet_value){ .i = (*v->at >> v->bit) & 1 };
    v->bit = (v->bit + 1) & 7;
    v->at += v->bit == 0;
    return true;
}

static bool next_plain(struct parquet_values *v, struct parquet_value *ret)
{
    struct parquet_value raw = { 0 };
    switch (v->type) {
    case PARQUET_BOOLEAN: return next_bit(v, ret);
    case PARQUET_BYTE_ARRAY: return take_bytes(v, 4, &raw) && take_bytes(v, le32(raw.bytes), ret);
    case PARQUET_FIXED: return take_bytes(v, (size_t)v->type_length, ret);
    case PARQUET_INT32:
    case PARQUET_FLOAT:
        if (!take_bytes(v, 4, &raw))
            return false;
        *ret = v->type == PARQUET_INT32 ? (struct parquet_value){ .i = (int32_t)le32(raw.bytes) }
                                        : (struct parquet_value){ .f = float_of(le32(raw.bytes)) };
        return true;
    case PARQUET_INT64:
    case PARQUET_DOUBLE:
        if (!take_bytes(v, 8, &raw))
            return false;
        *ret = v->type == PARQUET_INT64 ? (struct parquet_value){ .i = (int64_t)le64(raw.bytes) }
                                        : (struct parquet_value){ .f = double_of(le64(raw.bytes)) };
        return true;
    default: return take_bytes(v, 12, ret); /* INT96 */
    }
}

static bool next_level(struct parquet_values *v, struct parquet_value *ret)
{
    uint32_t number;
    if (!parquet_levels_next(&v->levels, &number))
        return false;
    if (v->how == PARQUET_READ_RLE)
        *ret = (struct parquet_value){ .i = number };
    else if (v->dictionary && number < v->dictionary->count) /* pages of nulls need none */
        *ret = v->dictionary->value[number];
    else
        return false;
    return true;
}

static bool next_number(struct parquet_values *v, struct parquet_value *ret)
{
    int64_t number;
    if (!parquet_delta_next(&v->number, &number))
        return false;
    *ret = (struct parquet_value){ .i = v->type == PARQUET_INT32 ? (int32_t)(uint32_t)(uint64_t)number : number };
    return true;
}

static bool next_length(struct parquet_delta *d, size_t max, size_t *ret)
{
    int64_t len;
    if (!parquet_delta_next(d, &len) || len < 0 || (uint64_t)len > max)
        return false;
    *ret = (size_t)len;
    return true;
}

/* The beginning of the value before, and a suffix of its own. */
static bool next_joined(struct parquet_values *v, struct parquet_value *ret)
{
    size_t prefix, suffix;
    if (!next_length(&v->prefix, v->joined->len, &prefix) || !next_length(&v->number, left(v), &suffix))
        return false;
    strbuf_truncate(v->joined, prefix);
    if (strbuf_add(v->joined, v->at, suffix) != OK)
        return false;
    v->at += suffix;
    *ret = (struct parquet_value){ .bytes = (const unsigned char *)v->joined->buf, .len = v->joined->len };
    return v->type != PARQUET_FIXED || ret->len == (size_t)v->type_length;
}

bool parquet_values_next(struct parquet_values *v, struct parquet_value *ret)
{
    size_t len;
    switch (v->how) {
    case PARQUET_READ_DICTIONARY:
    case PARQUET_READ_RLE: return next_level(v, ret);
    case PARQUET_READ_DELTA: return next_number(v, ret);
    case PARQUET_READ_LENGTHS: return next_length(&v->number, left(v), &len) && take_bytes(v, len, ret);
    case PARQUET_READ_JOINED: return next_joined(v, ret);
    default: return next_plain(v, ret);
    }
}

/* ---- Dictionaries ---- */

enum err parquet_dictionary_read(struct parquet_dictionary *d, enum parquet_type type, int32_t type_length, const unsigned char *bytes,
                                 size_t len, int32_t count, struct error *e)
{
    static const size_t least[] = { 1, 4, 8, 12, 4, 8, 4, 1 }; /* bytes of a plain value, by type */
    parquet_dictionary_release(d);
    if (count < 0 || (uint64_t)count * least[type] > (type == PARQUET_BOOLEAN ? len * 8 : len))
        return error_set(e, ERR_SYNTAX, "the dictionary promises %d values and has %zu bytes", (int)count, len);
    if ((size_t)count > MAX_PARQUET_DICTIONARY)
        return error_set(e, ERR_LIMIT, "the dictionary has more than %zu values", MAX_PARQUET_DICTIONARY);

    struct parquet_values v = { .type = type, .type_length = type_length, .at = bytes, .end = bytes + len };
    d->value = xcalloc((size_t)count ? (size_t)count : 1, sizeof(*d->value));
    for (; d->count < (size_t)count; d->count++)
        if (!parquet_values_next(&v, &d->value[d->count]))
            return error_set(e, ERR_SYNTAX, "the dictionary ends early");
    return OK;
}

void parquet_dictionary_release(struct parquet_dictionary *d)
{
    free(d->value);
    *d = (struct parquet_dictionary){ 0 };
}
