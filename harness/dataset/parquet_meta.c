#include "dataset/parquet_meta.h"

#include "core/limits.h"

#include <string.h>

/* State while a footer is read. */
struct footer {
    struct thrift t;
    struct arena *arena;
    struct parquet_meta meta;
    size_t chunk_total;
    bool is_encrypted;
};

/* ---- Schema ---- */

/* ConvertedType, the older annotation. */
static enum parquet_annotation of_converted(int32_t converted)
{
    switch (converted) {
    case 0: /* UTF8 */
    case 4: /* ENUM */
    case 19: /* JSON */ return PARQUET_STRING;
    case 1: /* MAP */
    case 2: /* MAP_KEY_VALUE */ return PARQUET_MAP;
    case 3: return PARQUET_LIST;
    case 5: return PARQUET_DECIMAL;
    case 11: /* UINT_8 … UINT_64 */
    case 12:
    case 13:
    case 14: return PARQUET_UNSIGNED;
    default: return PARQUET_OTHER;
    }
}

static enum parquet_annotation read_integer(struct thrift *t, enum thrift_type type)
{
    struct thrift_field f = { 0 };
    bool is_signed = true;
    thrift_enter(t, type);
    while (thrift_next(t, &f)) {
        if (f.id == 2)
            is_signed = thrift_bool(f.type);
        thrift_skip(t, f.type);
    }
    return is_signed ? PARQUET_OTHER : PARQUET_UNSIGNED;
}

static void read_decimal(struct thrift *t, enum thrift_type type, struct parquet_element *s)
{
    struct thrift_field f = { 0 };
    thrift_enter(t, type);
    while (thrift_next(t, &f)) {
        if (f.id == 1)
            s->scale = thrift_int32(t, f.type);
        else
            thrift_skip(t, f.type);
    }
}

/* LogicalType, the newer annotation: a union, so a struct with one field. */
static void read_logical(struct thrift *t, enum thrift_type type, struct parquet_element *s)
{
    struct thrift_field f = { 0 };
    thrift_enter(t, type);
    while (thrift_next(t, &f)) {
        if (f.id == 10) {
            s->annotation = read_integer(t, f.type);
            continue;
        }
        if (f.id == 5) {
            s->annotation = PARQUET_DECIMAL;
            read_decimal(t, f.type, s);
            continue;
        }
        s->annotation = f.id == 1 || f.id == 4 || f.id == 12 ? PARQUET_STRING
                        : f.id == 2                          ? PARQUET_MAP
                        : f.id == 3                          ? PARQUET_LIST
                        : f.id == 15                         ? PARQUET_FLOAT16
                                                             : PARQUET_OTHER;
        thrift_skip(t, f.type);
    }
}

static enum parquet_type read_type(struct thrift *t, enum thrift_type type)
{
    int32_t value = thrift_int32(t, type);
    if (value < 0 || value >= PARQUET_NO_TYPE)
        thrift_fail(t, "a column has a type that is not known");
    return t->problem ? PARQUET_NO_TYPE : (enum parquet_type)value;
}

static enum parquet_repetition read_repetition(struct thrift *t, enum thrift_type type)
{
    int32_t value = thrift_int32(t, type);
    if (value < PARQUET_REQUIRED || value > PARQUET_REPEATED)
        thrift_fail(t, "a column has a repetition that is not known");
    return t->problem ? PARQUET_REQUIRED : (enum parquet_repetition)value;
}

static void read_element(struct thrift *t, struct parquet_element *s)
{
    struct thrift_field f = { 0 };
    *s = (struct parquet_element){ .name = { "", 0 }, .type = PARQUET_NO_TYPE };
    thrift_enter(t, THRIFT_STRUCT);
    while (thrift_next(t, &f)) {
        switch (f.id) {
        case 1: s->type = read_type(t, f.type); break;
        case 2: s->type_length = thrift_int32(t, f.type); break;
        case 3: s->repetition = read_repetition(t, f.type); break;
        case 4: s->name = thrift_binary(t, f.type); break;
        case 5: s->child_count = thrift_int32(t, f.type); break;
        case 6:
            if (s->annotation == PARQUET_PLAIN)
                s->annotation = of_converted(thrift_int32(t, f.type));
            else
                thrift_skip(t, f.type);
            break;
        case 7: s->scale = thrift_int32(t, f.type); break;
        case 10: read_logical(t, f.type, s); break;
        default: thrift_skip(t, f.type);
        }
    }
}

/* ---- Row groups ---- */

static void read_chunk_meta(struct thrift *t, enum thrift_type type, struct parquet_chunk *c)
{
    struct thrift_field f = { 0 };
    c->has_meta = true;
    thrift_enter(t, type);
    while (thrift_next(t, &f)) {
        switch (f.id) {
        case 1: c->type = read_type(t, f.type); break;
        case 4: c->codec = thrift_int32(t, f.type); break;
        case 5: c->value_count = thrift_int(t, f.type); break;
        case 7: c->compressed_bytes = thrift_int(t, f.type); break;
        case 9: c->data_offset = thrift_int(t, f.type); break;
        case 11: c->dictionary_offset = thrift_int(t, f.type); break;
        default: thrift_skip(t, f.type);
        }
    }
}

static void read_chunk(struct thrift *t, struct parquet_chunk *c)
{
    struct thrift_field f = { 0 };
    thrift_enter(t, THRIFT_STRUCT);
    while (thrift_next(t, &f)) {
        switch (f.id) {
        case 1: c->is_elsewhere = thrift_binary(t, f.type).len > 0; break;
        case 3: read_chunk_meta(t, f.type, c); break;
        case 8:
        case 9:
            c->is_encrypted = true;
            thrift_skip(t, f.type);
            break;
        default: thrift_skip(t, f.type);
        }
    }
}

static void read_group(struct footer *r, struct parquet_group *g)
{
    struct thrift *t = &r->t;
    struct thrift_field f = { 0 };
    thrift_enter(t, THRIFT_STRUCT);
    while (thrift_next(t, &f)) {
        if (f.id == 1 && !g->chunk) {
            g->chunk_count = thrift_list(t, f.type, THRIFT_STRUCT, MAX_PARQUET_CHUNKS - r->chunk_total);
            g->chunk = arena_array(r->arena, g->chunk_count, sizeof(*g->chunk));
            r->chunk_total += g->chunk_count;
            for (size_t i = 0; i < g->chunk_count && !t->problem; i++)
                read_chunk(t, &g->chunk[i]);
        } else if (f.id == 3) {
            g->row_count = thrift_int(t, f.type);
        } else {
            thrift_skip(t, f.type);
        }
    }
}

/* ---- The whole ---- */

static void read_key_value(struct thrift *t, struct parquet_key_value *k)
{
    struct thrift_field f = { 0 };
    *k = (struct parquet_key_value){ { "", 0 }, { "", 0 } };
    thrift_enter(t, THRIFT_STRUCT);
    while (thrift_next(t, &f)) {
        if (f.id == 1)
            k->key = thrift_binary(t, f.type);
        else if (f.id == 2)
            k->value = thrift_binary(t, f.type);
        else
            thrift_skip(t, f.type);
    }
}

/* A list that comes a second time is skipped: memory follows the bytes. */
static void read_field(struct footer *r, struct thrift_field f)
{
    struct thrift *t = &r->t;
    struct parquet_meta *m = &r->meta;
    if (f.id == 2 && !m->element) {
        m->element_count = thrift_list(t, f.type, THRIFT_STRUCT, MAX_PARQUET_COLUMNS);
        m->element = arena_array(r->arena, m->element_count, sizeof(*m->element));
        for (size_t i = 0; i < m->element_count && !t->problem; i++)
            read_element(t, &m->element[i]);
    } else if (f.id == 3) {
        m->row_count = thrift_int(t, f.type);
    } else if (f.id == 4 && !m->group) {
        m->group_count = thrift_list(t, f.type, THRIFT_STRUCT, MAX_PARQUET_CHUNKS);
        m->group = arena_array(r->arena, m->group_count, sizeof(*m->group));
        for (size_t i = 0; i < m->group_count && !t->problem; i++)
            read_group(r, &m->group[i]);
    } else if (f.id == 5 && !m->key_value) {
        m->key_value_count = thrift_list(t, f.type, THRIFT_STRUCT, MAX_PARQUET_COLUMNS);
        m->key_value = arena_array(r->arena, m->key_value_count, sizeof(*m->key_value));
        for (size_t i = 0; i < m->key_value_count && !t->problem; i++)
            read_key_value(t, &m->key_value[i]);
    } else {
        r->is_encrypted = r->is_encrypted || f.id == 8;
        thrift_skip(t, f.type);
    }
}

/* Where the footer is: it ends with its length and the magic, which stands at both ends of the file. */
static enum err find_footer(const unsigned char *bytes, size_t len, size_t *ret_start, size_t *ret_len, struct error *e)
{
    static const char encrypted[] = "it is encrypted, which this build does not read";
    if (len >= 4 && memcmp(bytes, "PARE", 4) == 0)
        return error_set(e, ERR_UNSUPPORTED, "%s", encrypted);
    if (len < 4 || memcmp(bytes, "PAR1", 4) != 0)
        return error_set(e, ERR_INVALID, "not a Parquet file (it does not begin with PAR1)");
    if (len >= 12 && memcmp(bytes + len - 4, "PARE", 4) == 0)
        return error_set(e, ERR_UNSUPPORTED, "%s", encrypted);
    if (len < 12 || memcmp(bytes + len - 4, "PAR1", 4) != 0)
        return error_set(e, ERR_INVALID, "the Parquet file is cut off (it does not end with PAR1); fetch it again");
    const unsigned char *tail = bytes + len - 8;
    size_t footer = (size_t)tail[0] | (size_t)tail[1] << 8 | (size_t)tail[2] << 16 | (size_t)tail[3] << 24;
    if (footer > len - 12)
        return error_set(e, ERR_INVALID, "the Parquet file is cut off (a footer of %zu bytes in a file of %zu)", footer, len);
    if (footer > MAX_PARQUET_FOOTER_BYTES)
        return error_set(e, ERR_LIMIT, "the footer is larger than %zu MiB", MAX_PARQUET_FOOTER_BYTES / MIB);
    *ret_start = len - 8 - footer;
    *ret_len = footer;
    return OK;
}

enum err parquet_meta_read(const unsigned char *bytes, size_t len, struct arena *a, struct parquet_meta *ret, struct error *e)
{
    size_t start = 0, footer_len = 0;
    enum err err = find_footer(bytes, len, &start, &footer_len, e);
    if (err != OK)
        return err;

    struct footer r = { .arena = a, .meta.data_end = start };
    struct thrift_field f = { 0 };
    thrift_init(&r.t, bytes + start, footer_len);
    while (thrift_next(&r.t, &f))
        read_field(&r, f);
    if (r.t.problem)
        return error_set(e, ERR_SYNTAX, "the footer cannot be read: %s", r.t.problem);
    if (r.is_encrypted)
        return error_set(e, ERR_UNSUPPORTED, "its columns are encrypted, which this build does not read");
    if (r.meta.element_count == 0)
        return error_set(e, ERR_SYNTAX, "the footer cannot be read: it has no schema");
    *ret = r.meta;
    return OK;
}
