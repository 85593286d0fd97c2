#include "evidence/concerns.h"

#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void add(const char *words, void *context)
{
    struct strbuf *out = context;
    (void)strbuf_addf(out, "%s%s", out->len ? "; " : "", words);
}

static void each_sign_of_trouble_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *facts, *with_images, *without;
    } table[] = {
        { "{}", "", "" },
        { "{\"router\":{\"status\":\"live\",\"price_input\":1,\"price_output\":2,\"context_length\":32768,\"image_input\":true},"
          "\"mapping\":{\"status\":\"live\",\"task\":\"conversational\"}}",
          "", "" },
        { "{\"router\":{\"status\":\"error\",\"price_input\":1,\"price_output\":2}}", "the router says: error", "the router says: error" },
        { "{\"mapping\":{\"status\":\"staging\"}}", "the Hub's mapping says: staging", "the Hub's mapping says: staging" },
        { "{\"mapping\":{\"status\":\"live\",\"task\":\"text-to-image\"}}", "the Hub's mapping is of another task: text-to-image",
          "the Hub's mapping is of another task: text-to-image" },
        { "{\"router\":{\"status\":\"live\",\"price_input\":1}}", "the router tells no price", "the router tells no price" },
        { "{\"router\":{\"price_input\":1,\"price_output\":2,\"image_input\":false,\"context_length\":4096}}",
          "image input is not listed for this model; it may still take images; a context of 4096 tokens is small for images", "" },
        { "{\"server\":{\"vision\":false,\"context_length\":8192}}", "image input is not listed for this model; it may still take images",
          "" },
        { "{\"server\":{\"vision\":true,\"context_length\":2048}}", "a context of 2048 tokens is small for images", "" },
        { "{\"router\":{\"status\":7},\"mapping\":[],\"server\":\"x\"}", "the router tells no price", "the router tells no price" },
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        CLEANUP(json_freep) cJSON *facts = cJSON_Parse(table[i].facts);
        CLEANUP(strbuf_release) struct strbuf with = STRBUF_INIT, without = STRBUF_INIT;
        assert_non_null(facts);
        concerns_tell(facts, true, add, &with);
        concerns_tell(facts, false, add, &without);
        assert_string_equal(with.len ? with.buf : "", table[i].with_images);
        assert_string_equal(without.len ? without.buf : "", table[i].without);
    }
}

static void a_long_word_is_clipped(void **state)
{
    (void)state;
    char word[2000];
    memset(word, 'x', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    CLEANUP(json_freep) cJSON *facts = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(cJSON_AddObjectToObject(facts, "mapping"), "status", word);
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;

    concerns_tell(facts, true, add, &out);

    assert_in_range(out.len, 100, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sign_of_trouble_is_told),
        cmocka_unit_test(a_long_word_is_clipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
