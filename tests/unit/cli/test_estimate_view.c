/* What people and machines read of an estimate. */
#include "cli/estimate_view.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct estimate known = { .endpoint = "a",
                                       .trials = 1200,
                                       .prompt = { 1, 2, 3 },
                                       .output = { 4, 5, 6 },
                                       .usd_low = 0.5,
                                       .usd_high = 2.25,
                                       .seconds_low = 60,
                                       .seconds_high = 120 };
static const struct estimate unknown = { .endpoint = "b",
                                         .trials = 1,
                                         .prompt = { 1, 2, 3 },
                                         .output = { 4, 5, 6 },
                                         .usd_low = -1,
                                         .usd_high = -1,
                                         .seconds_low = -1,
                                         .seconds_high = -1 };
static const struct estimate limited = { .endpoint = "c",
                                         .trials = 10,
                                         .prompt = { 1, 2, 3 },
                                         .output = { 4, 5, 6 },
                                         .usd_low = 0.25,
                                         .usd_high = 0.75,
                                         .seconds_low = 300,
                                         .seconds_high = -1 };

static void says(const struct estimate *e, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    estimate_view_text(e, &out);
    assert_string_equal(out.buf, expected);
}

static void an_estimate_is_one_line_that_says_what_is_unknown(void **state)
{
    (void)state;
    says(&known, "1,200 trials, $0.5000 to $2.25, 1m00s to 2m00s");
    says(&unknown, "1 trial, cost unknown, time unknown");
    says(&limited, "10 trials, $0.2500 to $0.7500, at least 5m00s");
}

static void unknown_ends_are_null_in_json(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *json = estimate_view_json(&limited);
    json_add_tree(&out, json);
    assert_string_equal(out.buf, "{\"trials\":10,\"prompt_tokens\":{\"low\":1,\"high\":2},\"completion_tokens\":{\"low\":4,\"high\":5},"
                                 "\"cost_usd\":{\"low\":0.25,\"high\":0.75},\"time_s\":{\"low\":300,\"high\":null}}");
    cJSON_Delete(json);
}

static void totals_add_money_and_take_the_slowest(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct estimate_total total = { 0 };
    estimate_total_add(&unknown, &total);
    estimate_total_text(&total, &out);
    assert_string_equal(out.buf, ""); /* no price: nothing to say */

    estimate_total_add(&known, &total);
    estimate_total_add(&limited, &total);
    estimate_total_text(&total, &out);
    assert_string_equal(out.buf, "estimate: 1,211 trials, $0.7500 to $3.00, at least 5m00s; without 1 endpoint of unknown price");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_estimate_is_one_line_that_says_what_is_unknown),
        cmocka_unit_test(unknown_ends_are_null_in_json),
        cmocka_unit_test(totals_add_money_and_take_the_slowest),
    };
    return cmocka_run_group_tests_name("estimate_view", tests, NULL, NULL);
}
