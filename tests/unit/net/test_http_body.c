#include "net/http_body.h"

#include "base/arena.h"
#include "base/base64.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The body in one go, as the reference. */
static char *whole(const struct http_part *part, size_t count, size_t *ret_len)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        if (part[i].kind == HTTP_PART_TEXT) {
            assert_int_equal(strbuf_add(&out, part[i].bytes, part[i].len), OK);
            continue;
        }
        size_t len = base64_encoded_len(part[i].len);
        base64_encode(part[i].bytes, part[i].len, strbuf_reserve(&out, len + 1));
        strbuf_commit(&out, len);
    }
    return strbuf_detach(&out, ret_len);
}

static void assert_same_in_rooms_of(size_t room, const struct http_part *part, size_t count)
{
    size_t want_len, got_len = 0, n;
    CLEANUP(cleanup_free) char *want = whole(part, count, &want_len);
    CLEANUP(cleanup_free) char *got = xmalloc(want_len + room);
    CLEANUP(cleanup_free) char *piece = xmalloc(room); /* of its exact size: the sanitizer sees any byte too many */
    struct http_body b;

    http_body_init(&b, part, count);
    while ((n = http_body_read(&b, piece, room)) > 0) {
        memcpy(got + got_len, piece, n);
        got_len += n;
        assert_true(n == room || got_len == want_len); /* fills the room up to the end of the body */
        assert_true(got_len <= want_len);
    }
    assert_int_equal(got_len, want_len);
    assert_memory_equal(got, want, want_len);
}

static void every_length_in_every_room_gives_the_same_bytes(void **state)
{
    (void)state;
    unsigned char bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 37 + 11);

    for (size_t len = 0; len <= 40; len++)
        for (size_t room = 1; room <= 70; room++) {
            const struct http_part part[] = { { HTTP_PART_TEXT, "{\"a\":\"", 6, NULL },
                                              { HTTP_PART_BASE64, bytes, len, "x" },
                                              { HTTP_PART_TEXT, "", 0, NULL },
                                              { HTTP_PART_BASE64, bytes + 3, len / 2, "y" },
                                              { HTTP_PART_TEXT, "\"}", 2, NULL } };
            assert_same_in_rooms_of(room, part, ARRAY_LEN(part));
        }
}

static void a_body_without_parts_is_empty(void **state)
{
    (void)state;
    struct http_body b;
    char out[4];
    http_body_init(&b, NULL, 0);
    assert_int_equal(http_body_read(&b, out, sizeof out), 0);
}

static void starting_again_reads_from_the_first_byte(void **state)
{
    (void)state;
    const struct http_part part[] = { { HTTP_PART_BASE64, "abcdefg", 7, "x" }, { HTTP_PART_TEXT, "end", 3, NULL } };
    char first[16], second[16];
    struct http_body b;

    http_body_init(&b, part, 2);
    assert_int_equal(http_body_read(&b, first, 6), 6); /* in the middle of a group */
    http_body_init(&b, part, 2);

    assert_int_equal(http_body_read(&b, second, sizeof second), 15);
    assert_memory_equal(second, "YWJjZGVmZw==end", 15);
    assert_memory_equal(first, second, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_in_every_room_gives_the_same_bytes),
        cmocka_unit_test(a_body_without_parts_is_empty),
        cmocka_unit_test(starting_again_reads_from_the_first_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
