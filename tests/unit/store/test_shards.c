/* Which runs are parts of one; what becomes of their rows is tested by tests/flow/shards.sh. */
#include "store/shards.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_run_of_no_shard_is_none(void **state)
{
    (void)state;
    static const char *const options[] = {
        NULL,
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"shard_index\":0}",
        "{\"shard_index\":0,\"shard_count\":1}",
        "{\"shard_index\":3,\"shard_count\":3}",
        "{\"shard_index\":-1,\"shard_count\":3}",
        "{\"shard_index\":0,\"shard_count\":1000000000}",
        "{\"shard_index\":\"0\",\"shard_count\":\"3\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        struct run_row run = { .id = "a", .options_json = options[i] };
        struct shard shard;
        if (shard_of_run(&run, &shard))
            fail_msg("%s is a shard", options[i]);
    }
}

static void a_shard_knows_its_place(void **state)
{
    (void)state;
    struct run_row run = { .id = "a", .suite_name = "s", .options_json = "{\"shard_index\":1,\"shard_count\":3}" };
    struct shard one, other;
    assert_true(shard_of_run(&run, &one));
    assert_int_equal(one.index, 1);
    assert_int_equal(one.count, 3);
    assert_string_equal(one.run.id, "a");

    other = one;
    other.index = 2;
    assert_true(shards_belong_together(&one, &other));
    other.count = 4;
    assert_false(shards_belong_together(&one, &other));
    other = one;
    other.run.suite_name = "t";
    assert_false(shards_belong_together(&one, &other));
    other.run.suite_name = NULL;
    assert_false(shards_belong_together(&one, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_of_no_shard_is_none),
        cmocka_unit_test(a_shard_knows_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
