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

/* Prices of platform.claude.com, prompt caching: 1.25 times input for five minutes, twice for an hour, a tenth when it is read. */
static void what_a_cache_makes_dearer_or_cheaper_is_counted_where_the_price_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *name, *json;
        int64_t prompt, billed;
    } table[] = {
        { "no cache", "{\"input_tokens\":100,\"output_tokens\":1}", 100, 100 },
        { "read", "{\"input_tokens\":100,\"cache_read_input_tokens\":1000}", 1100, 200 },
        { "written", "{\"input_tokens\":100,\"cache_creation_input_tokens\":1000}", 1100, 1350 },
        { "written for an hour",
          "{\"input_tokens\":100,\"cache_creation_input_tokens\":1000,\"cache_creation\":{\"ephemeral_5m_input_tokens\":400,"
          "\"ephemeral_1h_input_tokens\":600}}",
          1100, 1800 },
        { "both", "{\"input_tokens\":3,\"cache_creation_input_tokens\":10,\"cache_read_input_tokens\":10}", 23, 17 },
        { "more for an hour than was written",
          "{\"input_tokens\":1,\"cache_creation_input_tokens\":10,\"cache_creation\":{\"ephemeral_1h_input_tokens\":99}}", 11, 21 },
        { "nothing known", "{\"cache_read_input_tokens\":10}", -1, -1 },
        { "null, text, negative",
          "{\"input_tokens\":5,\"cache_read_input_tokens\":null,\"cache_creation_input_tokens\":\"9\",\"cache_creation\":-1}", 5, 5 },
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct usage u = USAGE_UNKNOWN;
        cJSON *json = json_parse(table[i].json, strlen(table[i].json), NULL);
        assert_non_null(json);
        usage_read_anthropic(json, &u);
        cJSON_Delete(json);
        if (u.prompt_tokens != table[i].prompt || usage_billed_prompt(&u) != table[i].billed)
            fail_msg("%s: %lld, billed %lld", table[i].name, (long long)u.prompt_tokens, (long long)usage_billed_prompt(&u));
    }
}

/* message_start tells of the prompt, message_delta only of what came out. */
static void a_stream_keeps_what_its_first_event_said_of_the_cache(void **state)
{
    (void)state;
    struct usage u = USAGE_UNKNOWN;
    static const char *const event[] = { "{\"input_tokens\":100,\"cache_read_input_tokens\":1000,\"output_tokens\":1}",
                                         "{\"output_tokens\":40}" };
    for (size_t i = 0; i < 2; i++) {
        cJSON *json = json_parse(event[i], strlen(event[i]), NULL);
        usage_read_anthropic(json, &u);
        cJSON_Delete(json);
    }
    assert_int_equal(usage_billed_prompt(&u), 200);
    assert_int_equal(u.completion_tokens, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_read_from_every_dialect),
        cmocka_unit_test(absent_usage_is_unknown),
        cmocka_unit_test(what_a_cache_makes_dearer_or_cheaper_is_counted_where_the_price_is_known),
        cmocka_unit_test(a_stream_keeps_what_its_first_event_said_of_the_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
