/* Blocks compressed beside the thread that fills them have the bytes that they would have had. */
#include "reports/packed_block.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void fill(struct strbuf *text, int number)
{
    for (int i = 0; i < 2000; i++)
        (void)strbuf_addf(text, "%d placeholder %d ", number, i * number);
}

static void packed_and_plain_blocks_are_the_same_bytes_in_the_same_order(void **state)
{
    (void)state;
    CLEANUP(packed_block_release) struct packed_block b = PACKED_BLOCK_INIT;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf packed = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf plain = STRBUF_INIT;
    struct page_out out = { .write = page_write_strbuf, .context = &plain };
    struct error e;
    for (int number = 0; number <= 8; number++) {
        const struct strbuf *one;
        char id[32];
        (void)snprintf(id, sizeof(id), "block-%d", number);
        const struct gzip_frame frame = gzip_frame_element(id);
        fill(&text, number);
        assert_int_equal(gzip_block_write(&out, &frame, text.buf, text.len, &e), OK);

        assert_int_equal(packed_block_finish(&b, &one, &e), OK);
        assert_int_equal(one == NULL, number == 0);
        if (one)
            assert_int_equal(strbuf_add(&packed, one->buf, one->len), OK);
        packed_block_start(&b, &frame, &text);
        assert_int_equal(text.len, 0);
    }
    const struct strbuf *last;
    assert_int_equal(packed_block_finish(&b, &last, &e), OK);
    assert_int_equal(strbuf_add(&packed, last->buf, last->len), OK);
    assert_int_equal(packed_block_finish(&b, &last, &e), OK);
    assert_null(last); /* it was handed out */

    assert_int_equal(packed.len, plain.len);
    assert_memory_equal(packed.buf, plain.buf, plain.len);
    assert_memory_equal(packed.buf, "<script type=\"application/octet-stream+gz;base64\" id=\"block-0\">", 62);
}

static void a_block_under_way_is_waited_for_when_all_is_given_up(void **state)
{
    (void)state;
    struct packed_block b = PACKED_BLOCK_INIT;
    struct strbuf text = STRBUF_INIT;
    const struct gzip_frame frame = gzip_frame_element("block");
    fill(&text, 1);
    packed_block_start(&b, &frame, &text);
    packed_block_release(&b);
    const struct strbuf *none;
    struct error e;
    assert_int_equal(packed_block_finish(&b, &none, &e), OK);
    assert_null(none);
    strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_and_plain_blocks_are_the_same_bytes_in_the_same_order),
        cmocka_unit_test(a_block_under_way_is_waited_for_when_all_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
