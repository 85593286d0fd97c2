/* What each reply means for a file; how long to wait; which part a 206 holds. */
#include "hub_case.h"

#include "hub/hub_decide.h"
#include "hub/hub_range.h"
#include "hub/hub_retry.h"
#include "hub/hub_session.h"

static void every_reply_has_its_step(void **state)
{
    static const struct {
        struct hub_outcome o;
        enum hub_step step;
    } table[] = {
        { { .status = 200 }, HUB_SEAL },
        { { .status = 206 }, HUB_SEAL },
        { { .status = 206, .misfit = true }, HUB_RESTART },
        { { .fault = HTTP_FAULT_CANCELLED, .misfit = true }, HUB_RESTART },
        { { .fault = HTTP_FAULT_CANCELLED, .disk_failed = true }, HUB_STOP },
        { { .status = 204 }, HUB_AGAIN },
        { { .status = 302 }, HUB_FOLLOW },
        { { .status = 307, .hops = HUB_MAX_HOPS - 1 }, HUB_FOLLOW },
        { { .status = 302, .hops = HUB_MAX_HOPS }, HUB_GIVE_UP },
        { { .status = 304 }, HUB_GIVE_UP },
        { { .status = 416, .trouble = HUB_TROUBLE_OTHER }, HUB_RESTART },
        { { .status = 416, .trouble = HUB_TROUBLE_OTHER, .perhaps_whole = true }, HUB_SEAL },
        { { .status = 429, .trouble = HUB_TROUBLE_RATE }, HUB_PAUSE },
        { { .status = 429, .trouble = HUB_TROUBLE_RATE, .elsewhere = true }, HUB_PAUSE },
        { { .status = 503, .trouble = HUB_TROUBLE_SERVER }, HUB_AGAIN },
        { { .status = 401, .trouble = HUB_TROUBLE_HIDDEN }, HUB_STOP },
        { { .status = 403, .trouble = HUB_TROUBLE_GATED }, HUB_STOP },
        { { .status = 401, .trouble = HUB_TROUBLE_TOKEN }, HUB_STOP },
        { { .status = 404, .trouble = HUB_TROUBLE_NO_REVISION }, HUB_STOP },
        { { .status = 403, .trouble = HUB_TROUBLE_FORBIDDEN, .elsewhere = true }, HUB_AGAIN },
        { { .status = 404, .trouble = HUB_TROUBLE_NO_REPO, .elsewhere = true }, HUB_AGAIN },
        { { .status = 404, .trouble = HUB_TROUBLE_NO_FILE }, HUB_GIVE_UP },
        { { .status = 418, .trouble = HUB_TROUBLE_OTHER }, HUB_GIVE_UP },
        { { .fault = HTTP_FAULT_CERTIFICATE }, HUB_STOP },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (hub_decide(&table[i].o) != table[i].step)
            fail_msg("row %zu (status %d): step %d", i, table[i].o.status, (int)hub_decide(&table[i].o));
    for (int fault = HTTP_FAULT_NONE + 1; fault <= HTTP_FAULT_OTHER; fault++) {
        const struct hub_outcome o = { .fault = (enum http_fault)fault, .status = 200 };
        assert_int_equal(hub_decide(&o), fault == HTTP_FAULT_CERTIFICATE ? HUB_STOP : HUB_AGAIN);
    }
}

static void the_servers_wish_is_found(void **state)
{
    const int64_t now_us = INT64_C(1795503953000000); /* Tue, 24 Nov 2026 07:05:53 GMT */
    static const struct {
        const char *headers;
        int64_t wish_s; /* -1 = none */
    } table[] = {
        { "retry-after: 7\n", 7 },
        { "retry-after: 0\n", 0 },
        { "retry-after:  120 \n", 120 },
        { "retry-after: Tue, 24 Nov 2026 07:06:53 GMT\n", 60 },
        { "retry-after: Tue, 24 Nov 2026 07:00:00 GMT\n", 0 },
        { "retry-after: soon\n", -1 },
        { "retry-after: -5\n", -1 },
        { "retry-after: 1.5\n", -1 },
        { "retry-after: 99999999999999999999\n", 7 * 24 * 3600 },
        { "ratelimit: \"resolvers\";r=0;t=55\n", 55 },
        { "ratelimit: \"api\";r=3;t=55\n", -1 },
        { "ratelimit: \"api\";r=0;t=5, \"pages\"; r=0; t=9, \"x\";r=1;t=100\n", 9 },
        { "ratelimit: \";r=0;t=5\"\n", -1 },
        { "retry-after: 3\nratelimit: \"api\";r=0;t=55\n", 3 },
        { "", -1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct http_reply r = hub_case_reply(429, table[i].headers, "");
        int64_t us = hub_retry_hint_us(&r, now_us);
        if (us != (table[i].wish_s < 0 ? -1 : table[i].wish_s * 1000000))
            fail_msg("%s: %lld", table[i].headers, (long long)us);
        http_reply_release(&r);
    }
}

static void a_content_range_says_where_it_begins(void **state)
{
    static const struct {
        const char *value;
        bool good;
        int64_t first, total;
    } table[] = {
        { "bytes 5-9/10", true, 5, 10 },
        { "bytes 0-0/*", true, 0, -1 },
        { "Bytes 5-9/10", true, 5, 10 },
        { "bytes 5-9/9", false, 0, 0 },
        { "bytes 9-5/10", false, 0, 0 },
        { "bytes */10", false, 0, 0 },
        { "bytes 5-9", false, 0, 0 },
        { "5-9/10", false, 0, 0 },
        { "bytes 5-9/10 x", false, 0, 0 },
        { "bytes -5-9/10", false, 0, 0 },
        { "", false, 0, 0 },
        { "bytes 99999999999999999999-9/1", false, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        int64_t first = 0, total = 0;
        if (hub_range_parse(table[i].value, &first, &total) != table[i].good)
            fail_msg("%s", table[i].value);
        assert_int_equal(first, table[i].first);
        assert_int_equal(total, table[i].total);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reply_has_its_step),
        cmocka_unit_test(the_servers_wish_is_found),
        cmocka_unit_test(a_content_range_says_where_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
