#include "reply_case.h"

#include "provider/http_date.h"
#include "provider/retry_hint.h"

static const int64_t second = 1000000;

/* case_now_us is Tue, 24 Nov 2026 07:05:53 GMT */
static void first_wish_that_makes_sense_wins(void **state)
{
    (void)state;
    static const struct {
        const char *name, *headers;
        double estimated_time_s;
        const char *message;
        int64_t us;
    } table[] = {
        { "none", "", -1, "", -1 },
        { "unrelated", "content-type: text/plain\ndate: Tue, 24 Nov 2026 07:05:53 GMT\n", -1, "busy", -1 },

        { "milliseconds", "retry-after-ms: 1500\n", -1, "", 1500000 },
        { "fraction of a millisecond", "retry-after-ms: 0.5\n", -1, "", 500 },
        { "milliseconds go first", "retry-after: 9\nretry-after-ms: 20\n", -1, "", 20000 },
        { "milliseconds unreadable", "retry-after: 9\nretry-after-ms: soon\n", -1, "", 9000000 },
        { "milliseconds negative", "retry-after: 9\nretry-after-ms: -20\n", -1, "", 9000000 },

        { "seconds", "retry-after: 30\n", -1, "", 30000000 },
        { "zero", "retry-after: 0\n", -1, "", 0 },
        { "float", "retry-after: 2.5\n", -1, "", 2500000 },
        { "spaces", "retry-after:  7  \n", -1, "", 7000000 },
        { "long", "retry-after: 86400\n", -1, "", INT64_C(86400000000) },
        { "beyond all clocks", "retry-after: 99999999999999999999999999\n", -1, "", INT64_C(4600000000000000000) },
        { "negative", "retry-after: -5\n", -1, "", -1 },
        { "hexadecimal", "retry-after: 0x10\n", -1, "", -1 },
        { "infinite", "retry-after: inf\n", -1, "", -1 },
        { "not a number", "retry-after: nan\n", -1, "", -1 },
        { "empty", "retry-after: \n", -1, "", -1 },
        { "with a unit", "retry-after: 5s\n", -1, "", -1 },
        { "date", "retry-after: Tue, 24 Nov 2026 07:06:03 GMT\n", -1, "", 10000000 },
        { "date in the past", "retry-after: Tue, 24 Nov 2026 07:05:00 GMT\n", -1, "", 0 },
        { "RFC 850 date", "retry-after: Tuesday, 24-Nov-26 07:06:03 GMT\n", -1, "", 10000000 },
        { "asctime date", "retry-after: Tue Nov 24 07:06:03 2026\n", -1, "", 10000000 },
        { "broken date", "retry-after: Tue, 32 Nov 2026 07:06:03 GMT\n", -1, "", -1 },
        { "Retry-After goes before RateLimit", "ratelimit: \"api\";r=0;t=55\nretry-after: 3\n", -1, "", 3000000 },

        { "RateLimit", "ratelimit: \"api\";r=0;t=55\n", -1, "", 55000000 },
        { "RateLimit with room", "ratelimit: \"api\";r=12;t=55\n", -1, "", -1 },
        { "RateLimit of two", "ratelimit: \"a\";r=3;t=90, \"b\";r=0;t=10, \"c\";r=0;t=5\n", -1, "", 10000000 },
        { "RateLimit with odd name", "ratelimit: \"a,;r=0;t=9\";r=1;t=5\n", -1, "", -1 },
        { "RateLimit spaced", "ratelimit: \"api\"; r=0; t=55\n", -1, "", 55000000 },
        { "RateLimit without t", "ratelimit: \"api\";r=0\n", -1, "", -1 },
        { "RateLimit-Policy says nothing", "ratelimit-policy: \"fixed window\";\"api\";q=500;w=300\n", -1, "", -1 },

        { "reset 6m0s", "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 6m0s\n", -1, "", 360000000 },
        { "reset 2.5s", "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 2.5s\n", -1, "", 2500000 },
        { "reset 120ms", "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 120ms\n", -1, "", 120000 },
        { "reset 1h2m3s", "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 1h2m3s\n", -1, "", 3723000000 },
        { "reset in plain seconds", "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 7.66\n", -1, "", 7660000 },
        { "reset with room", "x-ratelimit-remaining-tokens: 9\nx-ratelimit-reset-tokens: 2.5s\n", -1, "", -1 },
        { "reset without remaining", "x-ratelimit-reset-tokens: 2.5s\n", -1, "", -1 },
        { "the longer of two",
          "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 2s\nx-ratelimit-reset-requests: 4s\nx-ratelimit-remaining-requests: "
          "0\n",
          -1, "", 4000000 },
        { "only the empty one",
          "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 2s\nx-ratelimit-reset-requests: 4s\nx-ratelimit-remaining-requests: "
          "1\n",
          -1, "", 2000000 },
        { "reset unreadable", "x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 2 fortnights\n", -1, "", -1 },

        { "reset at a date", "anthropic-ratelimit-tokens-remaining: 0\nanthropic-ratelimit-tokens-reset: 2026-11-24T07:06:03Z\n", -1, "",
          10000000 },
        { "reset at a date with a fraction and an offset",
          "anthropic-ratelimit-output-tokens-remaining: 0\nanthropic-ratelimit-output-tokens-reset: 2026-11-24T08:36:03.25+01:30\n", -1, "",
          10000000 },
        { "reset at a date west of Greenwich",
          "anthropic-ratelimit-tokens-remaining: 0\nanthropic-ratelimit-tokens-reset: 2026-11-24T02:06:03-05:00\n", -1, "", 10000000 },
        { "reset at a date that is past",
          "anthropic-ratelimit-tokens-remaining: 0\nanthropic-ratelimit-tokens-reset: 2026-11-24T07:00:00Z\n", -1, "", 0 },
        { "reset at a date, with room",
          "anthropic-ratelimit-tokens-remaining: 100\nanthropic-ratelimit-tokens-reset: 2026-11-24T07:06:03Z\n", -1, "", -1 },
        { "reset at no date", "anthropic-ratelimit-tokens-remaining: 0\nanthropic-ratelimit-tokens-reset: 2026-13-24T07:06:03Z\n", -1, "",
          -1 },
        { "reset at a date without a zone",
          "anthropic-ratelimit-tokens-remaining: 0\nanthropic-ratelimit-tokens-reset: 2026-11-24T07:06:03\n", -1, "", -1 },
        { "the longer of two dates",
          "anthropic-ratelimit-requests-remaining: 0\nanthropic-ratelimit-requests-reset: 2026-11-24T07:06:03Z\n"
          "anthropic-ratelimit-tokens-remaining: 0\nanthropic-ratelimit-tokens-reset: 2026-11-24T07:06:13Z\n",
          -1, "", 20000000 },
        { "a name that is too short", "anthropic-ratelimit-remaining: 0\nanthropic-ratelimit-reset: 2026-11-24T07:06:03Z\n", -1, "", -1 },

        { "estimated time", "", 20.0, "", 20000000 },
        { "estimated time goes before words", "", 1.5, "try again in 5s", 1500000 },
        { "header goes before estimated time", "retry-after: 4\n", 20.0, "", 4000000 },

        { "words", "", -1, "Rate limit reached. Please try again in 5.289s. Visit us", 5289000 },
        { "words, minutes", "", -1, "Please try again in 6m0s.", 360000000 },
        { "words, milliseconds", "", -1, "please Try Again in 320ms.", 320000 },
        { "words, spelled out", "", -1, "Please retry after 30 seconds.", 30000000 },
        { "words, two units", "", -1, "try again in 1 minute 5 seconds or so", 65000000 },
        { "words without a unit", "", -1, "try again in 30 or so", -1 },
        { "words without a number", "", -1, "try again in a moment", -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct http_reply reply = HTTP_REPLY_INIT;
        (void)strbuf_addstr(&reply.headers, table[i].headers);
        case_number(table[i].name, "hint", retry_hint_us(&reply, table[i].estimated_time_s, table[i].message, case_now_us), table[i].us);
        http_reply_release(&reply);
    }
}

/* The only wait that depends on the wall clock. A step forward makes the date past, one back makes the wish long, which
   backoff_delay_us then cuts to five minutes; neither is negative or "no wish". */
static void a_date_survives_a_step_of_the_clock(void **state)
{
    (void)state;
    const int64_t day_us = 86400 * second;
    struct http_reply reply = HTTP_REPLY_INIT;
    (void)strbuf_addstr(&reply.headers, "retry-after: Tue, 24 Nov 2026 07:06:03 GMT\n");

    case_number("as set", "hint", retry_hint_us(&reply, -1, "", case_now_us), 10 * second);
    case_number("a day ahead", "hint", retry_hint_us(&reply, -1, "", case_now_us + day_us), 0);
    case_number("a day behind", "hint", retry_hint_us(&reply, -1, "", case_now_us - day_us), day_us + 10 * second);
    case_number("at the epoch", "hint", retry_hint_us(&reply, -1, "", 0) > 0, true);
    http_reply_release(&reply);
}

static void facts_carry_the_wish_of_the_server(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *headers, *body;
        int64_t us;
    } table[] = {
        { 429, "retry-after: 400\n", "{\"error\":\"slow\"}", 400 * second }, /* unclamped */
        { 503, "", "{\"error\":\"Model X is currently loading\",\"estimated_time\":20.0}", 20 * second },
        { 200, "", "{\"error\":\"Model X is currently loading\",\"estimated_time\":42.5}", 42500000 },
        { 429, "", "{\"error\":{\"message\":\"Please try again in 5.289s\"}}", 5289000 },
        { 500, "retry-after-ms: 5\n", "", 5000 },
        { 402, "retry-after: 5\n", "", 5 * second },
        { 500, "", "", -1 },
        { 200, "retry-after: 5\n", "{\"choices\":[{\"message\":{\"content\":\"try again in 5s\"}}]}", -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const struct reply_case c = { .name = "hint", .status = table[i].status, .headers = table[i].headers, .body = table[i].body };
        struct arena a = ARENA_INIT;
        struct reply_facts f;
        case_read(&c, &a, &f);
        case_number(table[i].body, "hint", f.hint_us, table[i].us);
        arena_release(&a);
    }
}

static void dates_of_http_are_read_and_others_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t s; /* -1 = refused */
    } table[] = {
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
        { "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
        { "Sun Nov  6 08:49:37 1994", 784111777 },
        { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
        { "Sat, 29 Feb 2020 12:00:00 UTC", 1582977600 },
        { "Sun, 06 Nov 1994 08:49:37 PST", -1 },
        { "Sun, 06 Nov 1994 08:49:37 GMT!", -1 },
        { "Sun, 06 Nov 1994 08:49", -1 },
        { "Sun, 06 Now 1994 08:49:37 GMT", -1 },
        { "Sun, 06 Nov 1994 24:49:37 GMT", -1 },
        { "Sun, 06 Nov 0001 08:49:37 GMT", -1 },
        { "2026-11-24T07:05:53Z", -1 },
        { "", -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        int64_t s = -1;
        bool read = http_date_parse(table[i].text, case_now_us / second, &s);
        case_number(table[i].text, "is a date", read, table[i].s >= 0);
        case_number(table[i].text, "date", s, table[i].s);
    }
}

static void two_digit_year_is_at_most_fifty_years_ahead(void **state)
{
    (void)state;
    int64_t s;

    assert_true(http_date_parse("Friday, 01-Jan-76 00:00:00 GMT", case_now_us / second, &s));
    assert_int_equal(s, INT64_C(3345062400)); /* 2076 */
    assert_true(http_date_parse("Saturday, 01-Jan-77 00:00:00 GMT", case_now_us / second, &s));
    assert_int_equal(s, 220924800); /* 1977 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_wish_that_makes_sense_wins),
        cmocka_unit_test(a_date_survives_a_step_of_the_clock),
        cmocka_unit_test(facts_carry_the_wish_of_the_server),
        cmocka_unit_test(dates_of_http_are_read_and_others_refused),
        cmocka_unit_test(two_digit_year_is_at_most_fifty_years_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
