#include "evidence/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SHA "0123456789abcdef0123456789abcdef01234567"

static cJSON *facts_of(enum evidence_kind kind, const char *text, const char *model, const char *provider, bool told)
{
    cJSON *facts = cJSON_CreateObject();
    assert_int_equal(facts_add(kind, text, strlen(text), model, provider, facts), told);
    return facts;
}

static void is(const cJSON *facts, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    json_add_tree(&text, facts);
    assert_string_equal(text.buf, expected);
}

static void tells(enum evidence_kind kind, const char *text, const char *model, const char *provider, const char *expected)
{
    CLEANUP(json_freep) cJSON *facts = facts_of(kind, text, model, provider, strcmp(expected, "{}") != 0);
    is(facts, expected);
}

static void both_shapes_of_the_mapping_are_read(void **state)
{
    (void)state;
    tells(EVIDENCE_HUB_MODEL,
          "{\"id\":\"google/gemma-3-27b-it\",\"sha\":\"" SHA "\",\"inferenceProviderMapping\":{\"featherless-ai\":{\"status\":\"live\","
          "\"providerId\":\"google/gemma-3-27b-it\",\"task\":\"conversational\",\"isModelAuthor\":false}}}",
          "google/gemma-3-27b-it", "Featherless-AI",
          "{\"hub\":{\"id\":\"google/gemma-3-27b-it\",\"sha\":\"" SHA "\",\"gated\":\"no\",\"private\":false},"
          "\"mapping\":{\"provider_id\":\"google/gemma-3-27b-it\",\"status\":\"live\",\"task\":\"conversational\"}}");
    tells(EVIDENCE_HUB_MODEL,
          "{\"sha\":\"" SHA "\",\"gated\":true,\"inferenceProviderMapping\":[{\"provider\":\"novita\",\"providerId\":\"n\"},"
          "{\"provider\":\"scaleway\",\"providerId\":\"gemma-3-27b-it\",\"status\":\"live\"}]}",
          "m", "scaleway",
          "{\"hub\":{\"sha\":\"" SHA "\",\"gated\":\"auto\",\"private\":false},\"mapping\":{\"provider_id\":\"gemma-3-27b-it\","
          "\"status\":\"live\"}}");
}

static void the_card_comes_before_the_tag_and_pickle_is_named(void **state)
{
    (void)state;
    tells(EVIDENCE_HUB_MODEL,
          "{\"sha\":\"" SHA "\",\"tags\":[\"license:mit\",\"safetensors\"],\"siblings\":[{\"rfilename\":\"a.bin\"},{\"rfilename\":"
          "\"b.pt\"},{\"rfilename\":\"README.md\"},7]}",
          "m", NULL,
          "{\"hub\":{\"sha\":\"" SHA
          "\",\"gated\":\"no\",\"private\":false,\"licence\":\"mit\",\"formats\":[\"pickle\",\"safetensors\"]}}");
}

#define ROUTER_ROW                                                                                                                         \
    "{\"id\":\"deepseek-ai/DeepSeek-V4-Pro\",\"object\":\"model\",\"architecture\":{\"input_modalities\":[\"text\"],"                      \
    "\"output_modalities\":[\"text\"]},\"providers\":[{\"provider\":\"novita\",\"status\":\"live\",\"context_length\":1048576,"            \
    "\"pricing\":{\"input\":1.5,\"output\":3.5},\"first_token_latency_ms\":1490,\"throughput\":24.5,\"is_model_author\":false},"           \
    "{\"provider\":\"featherless-ai\",\"status\":\"live\",\"is_model_author\":false}]}"

static void a_row_of_the_router_is_read_alone_or_in_its_list(void **state)
{
    (void)state;
    static const char expected[] = "{\"router\":{\"image_input\":false,\"status\":\"live\",\"price_input\":1.5,\"price_output\":3.5,"
                                   "\"context_length\":1048576,\"latency_ms\":1490,\"throughput\":24.5}}";
    tells(EVIDENCE_ROUTER_MODEL, ROUTER_ROW, "deepseek-ai/DeepSeek-V4-Pro", "novita", expected);
    tells(EVIDENCE_ROUTER_MODEL, "{\"data\":[{\"id\":\"x\"}," ROUTER_ROW "]}", "deepseek-ai/DeepSeek-V4-Pro", "novita", expected);
    tells(EVIDENCE_ROUTER_MODEL, ROUTER_ROW, "deepseek-ai/DeepSeek-V4-Pro", "groq",
          "{\"router\":{\"image_input\":false,\"status\":\"not served by this provider\"}}");
}

static void a_price_that_is_missing_is_unknown_and_never_zero(void **state)
{
    (void)state;
    CLEANUP(json_freep) cJSON *known = facts_of(EVIDENCE_ROUTER_MODEL, ROUTER_ROW, "m", "novita", true);
    CLEANUP(json_freep) cJSON *unknown = facts_of(EVIDENCE_ROUTER_MODEL, ROUTER_ROW, "m", "featherless-ai", true);
    assert_true(facts_price(known).known);
    assert_true(facts_price(known).output == 3.5);
    assert_string_equal(facts_price(known).source, "router");
    assert_false(facts_price(unknown).known);
}

static void each_server_is_known_by_its_own_page(void **state)
{
    (void)state;
    tells(EVIDENCE_SERVER_INFO, "{\"model_id\":\"o/m\",\"model_sha\":\"" SHA "\",\"version\":\"2.4.1\",\"sha\":null}", "tgi", NULL,
          "{\"server\":{\"kind\":\"tgi\",\"model\":\"o/m\",\"revision\":\"" SHA "\",\"version\":\"2.4.1\"}}");
    tells(EVIDENCE_SERVER_PROPS, "{\"model_path\":\"/m.gguf\",\"build_info\":\"b1-abc\",\"modalities\":{\"vision\":true}}", "m", NULL,
          "{\"server\":{\"kind\":\"llama.cpp\",\"model\":\"/m.gguf\",\"version\":\"b1-abc\",\"vision\":true}}");
    tells(EVIDENCE_SERVER_TAGS, "{\"models\":[{\"name\":\"a:latest\",\"digest\":\"d\"}]}", "a", NULL,
          "{\"server\":{\"kind\":\"ollama\",\"digest\":\"d\"}}");
    tells(EVIDENCE_SERVER_MODELS, "{\"data\":[{\"id\":\"m\",\"owned_by\":\"vllm\",\"root\":\"r\",\"max_model_len\":4096}]}", "m", NULL,
          "{\"server\":{\"kind\":\"vllm\",\"model\":\"r\",\"context_length\":4096}}");
    tells(EVIDENCE_SERVER_MODEL_INFO, "{\"model_path\":\"p\"}", "m", NULL, "{\"server\":{\"model\":\"p\",\"kind\":\"sglang\"}}");
    tells(EVIDENCE_SERVER_VERSION, "{\"version\":\"0.9\"}", "m", NULL, "{\"server\":{\"version\":\"0.9\"}}");
}

static void what_is_no_answer_tells_nothing(void **state)
{
    (void)state;
    static const char *const text[] = { "", "<html>", "[]", "7", "{}", "{\"sha\":\"main\"}", "{\"model_id\":7,\"data\":{},\"models\":3}" };
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        for (int kind = 0; kind < EVIDENCE_KIND_COUNT; kind++)
            tells((enum evidence_kind)kind, text[i], "m", "p", "{}");
    }
}

static void the_level_follows_from_who_tells(void **state)
{
    (void)state;
    static const struct {
        const char *facts;
        bool routed;
        const char *declared;
        enum evidence level;
        const char *observed;
    } row[] = {
        { "{\"hub\":{\"sha\":\"h\"}}", true, "h", EVIDENCE_CONTEMPORANEOUS, "h" },
        { "{\"hub\":{\"sha\":\"h\"},\"server\":{\"revision\":\"r\"}}", true, NULL, EVIDENCE_CONTEMPORANEOUS, "h" },
        { "{}", true, "h", EVIDENCE_DECLARED, NULL },
        { "{\"server\":{\"revision\":\"r\"}}", false, "h", EVIDENCE_VERIFIED, "r" },
        { "{\"server\":{\"digest\":\"d\"}}", false, NULL, EVIDENCE_VERIFIED, "d" },
        { "{\"hub\":{\"sha\":\"h\"}}", false, "h", EVIDENCE_DECLARED, NULL },
        { "{\"hub\":{\"sha\":\"h\"}}", false, NULL, EVIDENCE_NONE, NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(json_freep) cJSON *facts = cJSON_Parse(row[i].facts);
        const char *observed = "unset";
        assert_int_equal(facts_level(facts, row[i].routed, row[i].declared, &observed), row[i].level);
        if (row[i].observed)
            assert_string_equal(observed, row[i].observed);
        else
            assert_null(observed);
    }
}

static void drift_is_what_both_tell_differently(void **state)
{
    (void)state;
    CLEANUP(json_freep) cJSON *old = cJSON_Parse("{\"hub\":{\"sha\":\"a\",\"licence\":\"x\"},\"router\":{\"price_input\":1.69}}");
    CLEANUP(json_freep)
    cJSON *now = cJSON_Parse("{\"hub\":{\"sha\":\"b\\u001b\",\"licence\":\"y\"},\"router\":{\"price_input\":2},"
                             "\"server\":{\"version\":\"1\"}}");
    CLEANUP(strbuf_release) struct strbuf drift = STRBUF_INIT;
    facts_drift(old, old, &drift);
    assert_int_equal(drift.len, 0);
    facts_drift(old, now, &drift);
    assert_non_null(strstr(drift.buf, "hub.sha: a -> b"));
    assert_non_null(strstr(drift.buf, "; router.price_input: 1.69 -> 2"));
    assert_null(strchr(drift.buf, '\033'));
    assert_null(strstr(drift.buf, "version"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_shapes_of_the_mapping_are_read),
        cmocka_unit_test(the_card_comes_before_the_tag_and_pickle_is_named),
        cmocka_unit_test(a_row_of_the_router_is_read_alone_or_in_its_list),
        cmocka_unit_test(a_price_that_is_missing_is_unknown_and_never_zero),
        cmocka_unit_test(each_server_is_known_by_its_own_page),
        cmocka_unit_test(what_is_no_answer_tells_nothing),
        cmocka_unit_test(the_level_follows_from_who_tells),
        cmocka_unit_test(drift_is_what_both_tell_differently),
    };
    return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
