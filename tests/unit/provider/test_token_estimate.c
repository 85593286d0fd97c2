/* Literal values from the makers' own documents, and the order low <= high <= most everywhere. */
#include "provider/token_estimate.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* `documented` is what the makers say for this size; `high` is that and a tenth, but never more than the largest image. */
static void images_count_what_the_documents_say(void **state)
{
    static const struct {
        const char *model;
        int64_t width, height, documented;
    } table[] = {
        { "gpt-4o", 1024, 1024, 765 },             /* OpenAI: 85 + 4 x 170 */
        { "gpt-4o-2024-08-06", 2048, 4096, 1105 }, /* OpenAI: 85 + 6 x 170 */
        { "gpt-4.1-mini", 1024, 1024, 1659 },      /* OpenAI: 1024 patches x 1.62 */
        { "gpt-4.1-mini", 1800, 2400, 2353 },      /* OpenAI: 1452 patches after scaling */
        { "claude-sonnet-4", 200, 200, 54 },       /* Anthropic's table */
        { "anthropic/claude-3-7-sonnet", 1000, 1000, 1334 },
        { "gemini-2.5-flash", 384, 384, 258 },            /* Google: both sides up to 384 */
        { "gemini-2.5-flash", 960, 540, 1548 },           /* Google: 6 tiles */
        { "Qwen/Qwen2.5-VL-72B-Instruct", 224, 224, 66 }, /* 8 x 8 patches, start and end */
        { "Qwen/Qwen3-VL-30B-A3B-Instruct", 1024, 1024, 1026 },
        { "mistralai/Pixtral-12B-2409", 512, 512, 1056 }, /* 32 x 32 patches and a break a row */
        { "meta-llama/Llama-4-Scout-17B", 336, 336, 144 },
        { "meta-llama/Llama-4-Scout-17B", 672, 672, 720 }, /* 4 tiles and the whole */
        { "meta-llama/Llama-3.2-11B-Vision-Instruct", 1120, 1120, 6404 },
        { "OpenGVLab/InternVL3-8B", 896, 448, 768 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct token_range r = tokens_of_image(table[i].model, table[i].width, table[i].height);
        int64_t tenth = (table[i].documented * 11 + 9) / 10;
        if (r.high > tenth + 1 || r.high < table[i].documented || r.low > table[i].documented || r.most < r.high)
            fail_msg("%s %lldx%lld: %lld … %lld, most %lld; documented %lld", table[i].model, (long long)table[i].width,
                     (long long)table[i].height, (long long)r.low, (long long)r.high, (long long)r.most, (long long)table[i].documented);
    }
}

static void an_image_of_unknown_size_or_model_has_a_wide_range(void **state)
{
    (void)state;
    struct token_range r = tokens_of_image("gpt-4o", 0, 0);
    assert_int_equal(r.low, 85);
    assert_int_equal(r.high, 1445);

    r = tokens_of_image("some/new-vlm", 512, 512);
    assert_int_equal(r.low, 64);
    assert_true(r.high >= 1024 && r.most <= 16384);
}

static void text_has_never_more_tokens_than_bytes(void **state)
{
    static const char english[] = "The quick brown fox jumps over the lazy dog."; /* 10 tokens in cl100k and o200k */
    static const char japanese[] = "日本語のテキスト";
    (void)state;

    struct token_range r = tokens_of_text(english, strlen(english));
    assert_true(r.low <= 10 && r.high >= 10);
    assert_int_equal(r.low, 7);
    assert_int_equal(r.high, 19);
    assert_int_equal(r.most, 44);

    r = tokens_of_text(japanese, strlen(japanese));
    assert_int_equal(r.low, 2);
    assert_int_equal(r.high, 16);
    assert_int_equal(r.most, 24);

    r = tokens_of_text("", 0);
    assert_int_equal(r.low + r.high + r.most, 0);
}

static void ranges_are_in_order_for_every_family_and_size(void **state)
{
    static const char *const models[] = { "gpt-4o",   "gpt-4o-mini", "o4-mini",    "gpt-5",     "claude-x",  "gemini-x",
                                          "qwen2-vl", "qwen3-vl",    "pixtral",    "mistral-x", "llama-4-x", "llama-3.2-11b",
                                          "internvl", "gemma-3",     "llava-1.5x", "other" };
    static const int64_t sizes[] = { 1, 27, 28, 333, 384, 512, 1000, 1568, 4096, 20000, 1000000 };
    (void)state;
    for (size_t m = 0; m < ARRAY_LEN(models); m++) {
        struct token_range all = tokens_of_image(models[m], 0, 0);
        for (size_t w = 0; w < ARRAY_LEN(sizes); w++) {
            for (size_t h = 0; h < ARRAY_LEN(sizes); h++) {
                struct token_range r = tokens_of_image(models[m], sizes[w], sizes[h]);
                if (r.low < 1 || r.low > r.high || r.high > r.most || r.most > all.most)
                    fail_msg("%s %lldx%lld: %lld %lld %lld, at most %lld", models[m], (long long)sizes[w], (long long)sizes[h],
                             (long long)r.low, (long long)r.high, (long long)r.most, (long long)all.most);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_count_what_the_documents_say),
        cmocka_unit_test(an_image_of_unknown_size_or_model_has_a_wide_range),
        cmocka_unit_test(text_has_never_more_tokens_than_bytes),
        cmocka_unit_test(ranges_are_in_order_for_every_family_and_size),
    };
    return cmocka_run_group_tests_name("token_estimate", tests, NULL, NULL);
}
