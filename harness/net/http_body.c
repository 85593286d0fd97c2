#include "net/http_body.h"

#include "base/base64.h"

#include <string.h>

void http_body_init(struct http_body *b, const struct http_part *part, size_t part_count)
{
    *b = (struct http_body){ .part = part, .part_count = part_count };
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t read_carry(struct http_body *b, char *out, size_t room)
{
    size_t len = smaller(b->carry_len, room);
    memcpy(out, b->carry + sizeof b->carry - b->carry_len, len);
    b->carry_len -= len;
    return len;
}

static size_t read_text(struct http_body *b, const struct http_part *p, char *out, size_t room)
{
    size_t len = smaller(p->len - b->offset, room);
    memcpy(out, (const char *)p->bytes + b->offset, len);
    b->offset += len;
    return len;
}

static size_t read_base64(struct http_body *b, const struct http_part *p, char *out, size_t room)
{
    const char *from = (const char *)p->bytes + b->offset;
    size_t left = p->len - b->offset;
    size_t group_count = room / 4;

    if (group_count == 0) {
        size_t len = smaller(left, 3);
        base64_encode(from, len, b->carry);
        b->carry_len = sizeof b->carry;
        b->offset += len;
        return read_carry(b, out, room);
    }
    size_t len = smaller(left, group_count * 3); /* short of whole groups only at the end of the part: padding */
    base64_encode(from, len, out);
    b->offset += len;
    return base64_encoded_len(len);
}

size_t http_body_read(struct http_body *b, char *out, size_t room)
{
    size_t done = 0;

    while (done < room) {
        if (b->carry_len) {
            done += read_carry(b, out + done, room - done);
            continue;
        }
        if (b->index == b->part_count)
            break;
        const struct http_part *p = &b->part[b->index];
        if (b->offset == p->len) {
            b->index++;
            b->offset = 0;
        } else if (p->kind == HTTP_PART_BASE64)
            done += read_base64(b, p, out + done, room - done);
        else
            done += read_text(b, p, out + done, room - done);
    }
    return done;
}
