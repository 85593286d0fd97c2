/* What replies say of quotas, as the bytes that servers send. */
#include "reply_case.h"

#include "provider/quota_headers.h"

static const double second = 1e6;

/* case_now_us is Tue, 24 Nov 2026 07:05:53 GMT */
static void every_form_of_quota_headers_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *headers;
        double requests, limit, reset_s, tokens, tokens_limit, tokens_reset_s; /* -1 = not said */
    } table[] = {
        { "nothing", "content-type: application/json\ndate: Tue, 24 Nov 2026 07:05:53 GMT\n", -1, -1, -1, -1, -1, -1 },
        { "no header at all", "", -1, -1, -1, -1, -1, -1 },

        { "OpenAI",
          "x-ratelimit-limit-requests: 10000\nx-ratelimit-limit-tokens: 200000\nx-ratelimit-remaining-requests: 9999\n"
          "x-ratelimit-remaining-tokens: 199984\nx-ratelimit-reset-requests: 6ms\nx-ratelimit-reset-tokens: 4ms\n",
          9999, 10000, .006, 199984, 200000, .004 },
        { "Groq",
          "retry-after: 2\nx-ratelimit-limit-requests: 14400\nx-ratelimit-limit-tokens: 18000\nx-ratelimit-remaining-requests: 14370\n"
          "x-ratelimit-remaining-tokens: 17997\nx-ratelimit-reset-requests: 2m59.56s\nx-ratelimit-reset-tokens: 7.66s\n",
          14370, 14400, 179.56, 17997, 18000, 7.66 },
        { "without a kind, seconds since 1970", "x-ratelimit-limit: 60\nx-ratelimit-remaining: 59\nx-ratelimit-reset: 1795504013\n", 59, 60,
          60, -1, -1, -1 },
        { "milliseconds since 1970", "x-ratelimit-remaining: 59\nx-ratelimit-reset: 1795504013000\n", 59, -1, 60, -1, -1, -1 },
        { "Anthropic",
          "anthropic-ratelimit-requests-limit: 50\nanthropic-ratelimit-requests-remaining: 49\n"
          "anthropic-ratelimit-requests-reset: 2026-11-24T07:05:55Z\nanthropic-ratelimit-tokens-limit: 50000\n"
          "anthropic-ratelimit-tokens-remaining: 49000\nanthropic-ratelimit-tokens-reset: 2026-11-24T07:05:54Z\n",
          49, 50, 2, 49000, 50000, 1 },
        { "the tightest of Anthropic's token quotas",
          "anthropic-ratelimit-input-tokens-remaining: 9000\nanthropic-ratelimit-input-tokens-reset: 2026-11-24T07:06:53Z\n"
          "anthropic-ratelimit-output-tokens-remaining: 100\nanthropic-ratelimit-output-tokens-reset: 2026-11-24T07:06:53Z\n",
          -1, -1, -1, 100, -1, 60 },

        { "three headers of the older drafts", "ratelimit-limit: 100\nratelimit-remaining: 50\nratelimit-reset: 50\n", 50, 100, 50, -1, -1,
          -1 },
        { "with the policy in the limit", "ratelimit-limit: 100, 100;w=60\nratelimit-remaining: 0\nratelimit-reset: 5\n", 0, 100, 5, -1, -1,
          -1 },
        { "the dictionary of draft 7", "ratelimit: limit=100, remaining=50, reset=5\nratelimit-policy: 100;w=60\n", 50, 100, 5, -1, -1,
          -1 },
        { "the list of later drafts", "ratelimit: \"default\";r=50;t=30\nratelimit-policy: \"default\";q=100;w=60\n", 50, 100, 30, -1, -1,
          -1 },
        { "as the Hugging Face Hub writes it", "ratelimit: \"api\";r=489;t=189\nratelimit-policy: \"fixed window\";\"api\";q=500;w=300\n",
          489, 500, 189, -1, -1, -1 },
        { "spaced, a token for a name", "ratelimit: day; r=7; t=9\n", 7, -1, 9, -1, -1, -1 },
        { "the tightest of two", "ratelimit: \"burst\";r=900;t=1, \"day\";r=100;t=300\n", 100, -1, 300, -1, -1, -1 },
        { "without t the policy's window", "ratelimit: \"b\";r=5\nratelimit-policy: \"a\";q=9;w=1, \"b\";q=10;w=60\n", 5, 10, 60, -1, -1,
          -1 },
        { "another policy says nothing", "ratelimit: \"c\";r=5\nratelimit-policy: \"a\";q=9;w=1, \"b\";q=10;w=60\n", -1, -1, -1, -1, -1,
          -1 },
        { "bytes are no requests", "ratelimit: \"b\";r=5;t=9\nratelimit-policy: \"b\";q=10;w=60;qu=\"content-bytes\"\n", -1, -1, -1, -1, -1,
          -1 },
        { "requests are", "ratelimit: \"b\";r=5;t=9\nratelimit-policy: \"b\";q=10;w=60;qu=\"requests\"\n", 5, 10, 9, -1, -1, -1 },
        { "a comma in a name", "ratelimit: \"a,b;r=1\";r=5;t=9\n", 5, -1, 9, -1, -1, -1 },

        { "no reset", "x-ratelimit-remaining-requests: 5\n", -1, -1, -1, -1, -1, -1 },
        { "no remaining", "x-ratelimit-limit-requests: 5\nx-ratelimit-reset-requests: 1s\n", -1, -1, -1, -1, -1, -1 },
        { "negative", "x-ratelimit-remaining-requests: -5\nx-ratelimit-reset-requests: 1s\n", -1, -1, -1, -1, -1, -1 },
        { "not a number", "x-ratelimit-remaining-requests: nan\nx-ratelimit-reset-requests: inf\n", -1, -1, -1, -1, -1, -1 },
        { "another thing is counted", "x-ratelimit-remaining-images: 5\nx-ratelimit-reset-images: 1s\n", -1, -1, -1, -1, -1, -1 },
        { "beyond all numbers", "ratelimit: \"a\";r=99999999999999999999999999;t=1\n", 1e15, -1, 1, -1, -1, -1 },
        { "an open quote", "ratelimit: \"a;r=5;t=9\n", -1, -1, -1, -1, -1, -1 },
        { "empty values", "ratelimit: \nratelimit-policy: \nx-ratelimit-remaining-requests: \n", -1, -1, -1, -1, -1, -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct http_reply reply = HTTP_REPLY_INIT;
        (void)strbuf_addstr(&reply.headers, table[i].headers);
        struct quota_headers q;
        bool told = quota_headers_read(&reply, case_now_us, &q);

        case_number(table[i].name, "told", told, table[i].requests >= 0 || table[i].tokens >= 0);
        case_number(table[i].name, "requests", (int64_t)q.requests.remaining, (int64_t)table[i].requests);
        case_number(table[i].name, "tokens", (int64_t)q.tokens.remaining, (int64_t)table[i].tokens);
        case_number(table[i].name, "limit", (int64_t)q.requests.limit, (int64_t)table[i].limit);
        case_number(table[i].name, "limit of tokens", (int64_t)q.tokens.limit, (int64_t)table[i].tokens_limit);
        if (table[i].requests >= 0)
            case_number(table[i].name, "reset", q.requests.reset_us, (int64_t)(table[i].reset_s * second));
        if (table[i].tokens >= 0)
            case_number(table[i].name, "reset of tokens", q.tokens.reset_us, (int64_t)(table[i].tokens_reset_s * second));
        http_reply_release(&reply);
    }
}

static void values_without_end_are_left_out(void **state)
{
    (void)state;
    struct http_reply reply = HTTP_REPLY_INIT;
    (void)strbuf_addstr(&reply.headers, "ratelimit: ");
    for (int i = 0; i < 1000; i++)
        (void)strbuf_addstr(&reply.headers, "\"a\";r=0;t=9, ");
    (void)strbuf_addstr(&reply.headers, "\n");
    for (int i = 0; i < 1000; i++)
        (void)strbuf_addf(&reply.headers, "x-ratelimit-remaining-requests: %d\n", i);

    struct quota_headers q;
    assert_false(quota_headers_read(&reply, case_now_us, &q));

    http_reply_release(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_quota_headers_is_read),
        cmocka_unit_test(values_without_end_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
