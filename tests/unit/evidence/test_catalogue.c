#include "evidence/catalogue.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum err read_text(const char *text, struct arena *a, struct catalogue *c, struct error *e)
{
    return catalogue_read(text, strlen(text), a, c, e);
}

static void rows_come_by_price_then_name_and_only_of_those_that_read_images(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct catalogue c;
    struct error e;
    assert_int_equal(read_text("{\"data\":[{\"id\":\"b\",\"architecture\":{\"input_modalities\":[\"text\",\"image\"]},\"providers\":["
                               "{\"provider\":\"z\",\"status\":\"live\",\"pricing\":{\"input\":1,\"output\":2}},{\"provider\":\"y\"}]},"
                               "{\"id\":\"a\",\"architecture\":{\"input_modalities\":[\"image\"]},\"providers\":[{}]},"
                               "{\"id\":\"text\",\"providers\":[{\"provider\":\"z\"}]},{\"id\":7},null]}",
                               &a, &c, &e),
                     OK);
    assert_int_equal(c.count, 3);
    assert_int_equal(c.models, 5);
    assert_string_equal(c.row[0].status, "live");
    assert_true(c.row[0].price_output == 2);
    assert_string_equal(c.row[1].model, "a");
    assert_string_equal(c.row[1].provider, "-");
    assert_string_equal(c.row[2].provider, "y");
    assert_true(isnan(c.row[2].price_output));
    arena_release(&a);
}

static void an_equal_output_price_is_decided_by_the_input_price_and_then_the_name(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct catalogue c;
    struct error e;
    assert_int_equal(read_text("{\"data\":[{\"id\":\"m\",\"architecture\":{\"input_modalities\":[\"image\"]},\"providers\":["
                               "{\"provider\":\"d\",\"pricing\":{\"output\":1}},"
                               "{\"provider\":\"c\",\"pricing\":{\"input\":2,\"output\":1}},"
                               "{\"provider\":\"b\",\"pricing\":{\"input\":1,\"output\":1}},"
                               "{\"provider\":\"a\",\"pricing\":{\"input\":1,\"output\":1}},"
                               "{\"provider\":\"e\",\"pricing\":{\"input\":9,\"output\":0.5}}]}]}",
                               &a, &c, &e),
                     OK);
    static const char *const order[] = { "e", "a", "b", "c", "d" };
    assert_int_equal(c.count, ARRAY_LEN(order));
    for (size_t i = 0; i < c.count; i++)
        assert_string_equal(c.row[i].provider, order[i]);
    arena_release(&a);
}

static void what_is_no_catalogue_is_an_error(void **state)
{
    (void)state;
    static const char *const text[] = { "", "<html>", "{}", "[]", "{\"data\":{}}" };
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        struct arena a = ARENA_INIT;
        struct catalogue c;
        struct error e;
        assert_int_not_equal(read_text(text[i], &a, &c, &e), OK);
        assert_non_null(strstr(e.msg, "catalogue"));
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_by_price_then_name_and_only_of_those_that_read_images),
        cmocka_unit_test(an_equal_output_price_is_decided_by_the_input_price_and_then_the_name),
        cmocka_unit_test(what_is_no_catalogue_is_an_error),
    };
    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
