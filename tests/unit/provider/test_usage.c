#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/usage.h"

#include <math.h>
#include <string.h>

static void tokens_are_read_from_every_dialect(void **state)
{
    (void)state;
    static const struct {
        const char *name, *json;
        int64_t prompt, completion, reasoning;
        double cost;
    } table[] = {
        { "OpenAI",
          "{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21,\"prompt_tokens_details\":{\"cached_tokens\":1},"
          "\"completion_tokens_details\":{\"reasoning_tokens\":5,\"accepted_prediction_tokens\":0}}",
          9, 12, 5, -1 },
        { "SGLang", "{\"prompt_tokens\":9,\"completion_tokens\":12,\"reasoning_tokens\":7,\"prompt_tokens_details\":{\"image_tokens\":4}}",
          9, 12, 7, -1 },
        { "details go first", "{\"reasoning_tokens\":7,\"completion_tokens_details\":{\"reasoning_tokens\":5}}", -1, -1, 5, -1 },
        { "details null", "{\"completion_tokens\":1,\"reasoning_tokens\":0,\"completion_tokens_details\":null}", -1, 1, 0, -1 },
        { "cost", "{\"prompt_tokens\":1,\"estimated_cost\":0.0125}", 1, -1, -1, 0.0125 },
        { "cost 0", "{\"estimated_cost\":0}", -1, -1, -1, 0 },
        { "cost as text", "{\"estimated_cost\":\"0.1\"}", -1, -1, -1, -1 },
        { "negative", "{\"prompt_tokens\":-3,\"completion_tokens\":2.5,\"estimated_cost\":-1}", -1, -1, -1, -1 },
        { "absurd", "{\"prompt_tokens\":1e300}", -1, -1, -1, -1 },
        { "text", "{\"prompt_tokens\":\"9\"}", -1, -1, -1, -1 },
        { "zero", "{\"prompt_tokens\":0,\"completion_tokens\":0}", 0, 0, -1, -1 },
        { "first of two", "{\"prompt_tokens\":1,\"prompt_tokens\":2}", 1, -1, -1, -1 },
        { "null", "null", -1, -1, -1, -1 },
        { "list", "[1]", -1, -1, -1, -1 },
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct usage u;
        cJSON *json = json_parse(table[i].json, strlen(table[i].json), NULL);
        assert_non_null(json);
        usage_read(json, &u);
        cJSON_Delete(json);
        if (u.prompt_tokens != table[i].prompt || u.completion_tokens != table[i].completion || u.reasoning_tokens != table[i].reasoning ||
            fabs(u.reported_cost_usd - table[i].cost) > 1e-12)
            fail_msg("%s: %lld %lld %lld %f", table[i].name, (long long)u.prompt_tokens, (long long)u.completion_tokens,
                     (long long)u.reasoning_tokens, u.reported_cost_usd);
    }
}

static void absent_usage_is_unknown(void **state)
{
    (void)state;
    struct usage u;

    usage_read(NULL, &u);

    assert_int_equal(u.prompt_tokens, -1);
    assert_int_equal(u.completion_tokens, -1);
    assert_int_equal(u.reasoning_tokens, -1);
    assert_true(u.reported_cost_usd < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_read_from_every_dialect),
        cmocka_unit_test(absent_usage_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
