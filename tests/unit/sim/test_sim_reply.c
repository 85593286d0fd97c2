#include "sim/sim_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void read_all(const struct sim_reply *r, size_t step, struct strbuf *out)
{
    char piece[64];
    for (size_t n; (n = sim_reply_read(r, out->len, piece, step)) > 0;)
        (void)strbuf_add(out, piece, n);
}

static void padding_stands_inside_the_body_without_being_there(void **state)
{
    (void)state;
    struct sim_reply r = SIM_REPLY_INIT;
    (void)strbuf_addstr(&r.body, "head-tail");
    r.padding_at = 5;
    r.padding_bytes = 7;

    for (size_t step = 1; step < 20; step++) {
        struct strbuf out = STRBUF_INIT;
        read_all(&r, step, &out);
        assert_string_equal(out.buf, "head-aaaaaaatail");
        assert_int_equal(sim_reply_bytes(&r), out.len);
        strbuf_release(&out);
    }
    sim_reply_release(&r);
}

static void without_padding_the_body_is_the_body(void **state)
{
    (void)state;
    struct sim_reply r = SIM_REPLY_INIT;
    struct strbuf out = STRBUF_INIT;
    (void)strbuf_addstr(&r.body, "plain text");

    read_all(&r, 3, &out);

    assert_string_equal(out.buf, "plain text");
    strbuf_release(&out);
    sim_reply_release(&r);
}

static void padding_beyond_4_gib_keeps_its_offsets(void **state)
{
    (void)state;
    struct sim_reply r = SIM_REPLY_INIT;
    char piece[8] = { 0 };
    (void)strbuf_addstr(&r.body, "[]");
    r.padding_at = 1;
    r.padding_bytes = (uint64_t)5 << 30;

    assert_int_equal(sim_reply_read(&r, (uint64_t)5 << 30, piece, sizeof(piece)), 1);
    assert_int_equal(piece[0], 'a');
    assert_int_equal(sim_reply_read(&r, ((uint64_t)5 << 30) + 1, piece, sizeof(piece)), 1);
    assert_int_equal(piece[0], ']');
    assert_int_equal(sim_reply_read(&r, ((uint64_t)5 << 30) + 2, piece, sizeof(piece)), 0);
    sim_reply_release(&r);
}

static void a_header_stays_one_header(void **state)
{
    (void)state;
    struct sim_reply r = SIM_REPLY_INIT;

    sim_reply_header(&r, "Location", "%s", "/a\r\nX-Injected: 1");

    assert_string_equal(r.header[0].value, "/a  X-Injected: 1");
    sim_reply_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(padding_stands_inside_the_body_without_being_there),
        cmocka_unit_test(without_padding_the_body_is_the_body),
        cmocka_unit_test(padding_beyond_4_gib_keeps_its_offsets),
        cmocka_unit_test(a_header_stays_one_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
