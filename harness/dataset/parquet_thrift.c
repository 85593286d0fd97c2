#include "dataset/parquet_thrift.h"

enum { MAX_DEPTH = 32 };

void thrift_init(struct thrift *t, const void *bytes, size_t len)
{
    static const unsigned char nothing[1];
    const unsigned char *from = len ? bytes : nothing;
    *t = (struct thrift){ .at = from, .end = from + len };
}

void thrift_fail(struct thrift *t, const char *problem)
{
    if (!t->problem)
        t->problem = problem;
    t->at = t->end;
}

static size_t left(const struct thrift *t)
{
    return (size_t)(t->end - t->at);
}

static unsigned read_byte(struct thrift *t)
{
    if (t->at == t->end) {
        thrift_fail(t, "it ends early");
        return 0;
    }
    return *t->at++;
}

static uint64_t read_varint(struct thrift *t)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned byte = read_byte(t);
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return value;
    }
    thrift_fail(t, "a number is too long");
    return 0;
}

static int64_t read_zigzag(struct thrift *t)
{
    uint64_t coded = read_varint(t);
    return (int64_t)(coded >> 1) ^ -(int64_t)(coded & 1);
}

void thrift_enter(struct thrift *t, enum thrift_type type)
{
    if (type != THRIFT_STRUCT)
        thrift_fail(t, "a value has the wrong type");
    else if (++t->depth > MAX_DEPTH)
        thrift_fail(t, "it is nested too deeply");
}

bool thrift_next(struct thrift *t, struct thrift_field *field)
{
    unsigned head = read_byte(t);
    if (t->problem)
        return false;
    if (head == THRIFT_STOP) {
        t->depth -= t->depth > 0;
        return false;
    }
    int64_t id = head >> 4 ? field->id + (int64_t)(head >> 4) : read_zigzag(t);
    if (id < -32768 || id > 32767 || (head & 15) == THRIFT_STOP || (head & 15) > THRIFT_UUID)
        thrift_fail(t, "a field has an impossible head");
    *field = (struct thrift_field){ .id = t->problem ? 0 : (int)id, .type = (enum thrift_type)(head & 15) };
    return !t->problem;
}

int64_t thrift_int(struct thrift *t, enum thrift_type type)
{
    if (type == THRIFT_BYTE)
        return (int8_t)read_byte(t);
    if (type == THRIFT_I16 || type == THRIFT_I32 || type == THRIFT_I64)
        return read_zigzag(t);
    thrift_fail(t, "a value has the wrong type");
    return 0;
}

int32_t thrift_int32(struct thrift *t, enum thrift_type type)
{
    int64_t value = thrift_int(t, type);
    if (value >= INT32_MIN && value <= INT32_MAX)
        return (int32_t)value;
    thrift_fail(t, "a number is out of range");
    return 0;
}

/* Booleans of a struct live in the type of their field. */
bool thrift_bool(enum thrift_type type)
{
    return type == THRIFT_TRUE;
}

struct thrift_text thrift_binary(struct thrift *t, enum thrift_type type)
{
    if (type != THRIFT_BINARY) {
        thrift_fail(t, "a value has the wrong type");
        return (struct thrift_text){ "", 0 };
    }
    uint64_t len = read_varint(t);
    if (len > left(t)) {
        thrift_fail(t, "a text is longer than what is left");
        return (struct thrift_text){ "", 0 };
    }
    struct thrift_text text = { (const char *)t->at, (size_t)len };
    t->at += len;
    return text;
}

static size_t read_list_head(struct thrift *t, enum thrift_type *ret_element)
{
    unsigned head = read_byte(t);
    uint64_t count = head >> 4;
    if (count == 15)
        count = read_varint(t);
    *ret_element = (enum thrift_type)(head & 15);
    if (*ret_element == THRIFT_STOP || *ret_element > THRIFT_UUID)
        thrift_fail(t, "a list has an impossible head");
    if (count > left(t))
        thrift_fail(t, "a list is longer than what is left");
    return t->problem ? 0 : (size_t)count;
}

size_t thrift_list(struct thrift *t, enum thrift_type type, enum thrift_type element, size_t max)
{
    enum thrift_type found = element;
    if (type != THRIFT_LIST) {
        thrift_fail(t, "a value has the wrong type");
        return 0;
    }
    size_t count = read_list_head(t, &found);
    if (count > 0 && found != element)
        thrift_fail(t, "a list has the wrong type");
    if (count > max)
        thrift_fail(t, "a list is too long");
    return t->problem ? 0 : count;
}

static void skip_bytes(struct thrift *t, uint64_t count)
{
    if (count > left(t))
        thrift_fail(t, "it ends early");
    else
        t->at += count;
}

static void skip_element(struct thrift *t, enum thrift_type type)
{
    if (type == THRIFT_TRUE || type == THRIFT_FALSE)
        skip_bytes(t, 1);
    else
        thrift_skip(t, type);
}

static void skip_collection(struct thrift *t, enum thrift_type type)
{
    enum thrift_type key = THRIFT_STOP, value;
    size_t count;
    if (++t->depth > MAX_DEPTH)
        thrift_fail(t, "it is nested too deeply");
    if (type == THRIFT_MAP) {
        uint64_t claimed = read_varint(t);
        unsigned types = claimed > 0 ? read_byte(t) : 0;
        if (claimed > left(t))
            thrift_fail(t, "a map is longer than what is left");
        count = t->problem ? 0 : (size_t)claimed;
        key = (enum thrift_type)(types >> 4);
        value = (enum thrift_type)(types & 15);
    } else {
        count = read_list_head(t, &value);
    }
    for (size_t i = 0; i < count && !t->problem; i++) {
        if (type == THRIFT_MAP)
            skip_element(t, key);
        skip_element(t, value);
    }
    t->depth -= t->depth > 0;
}

void thrift_skip(struct thrift *t, enum thrift_type type)
{
    struct thrift_field field = { 0 };
    switch (type) {
    case THRIFT_TRUE:
    case THRIFT_FALSE: break;
    case THRIFT_BYTE:
    case THRIFT_I16:
    case THRIFT_I32:
    case THRIFT_I64: (void)thrift_int(t, type); break;
    case THRIFT_DOUBLE: skip_bytes(t, 8); break;
    case THRIFT_UUID: skip_bytes(t, 16); break;
    case THRIFT_BINARY: (void)thrift_binary(t, type); break;
    case THRIFT_LIST:
    case THRIFT_SET:
    case THRIFT_MAP: skip_collection(t, type); break;
    case THRIFT_STRUCT:
        thrift_enter(t, type);
        while (thrift_next(t, &field))
            thrift_skip(t, field.type);
        break;
    case THRIFT_STOP: thrift_fail(t, "a value has the wrong type"); break;
    }
}
