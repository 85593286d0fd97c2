#include "request_case.h"

#include "provider/gemini_generate.h"

#define BASE .base_url = "https://generativelanguage.googleapis.com", .model = "gemini-x", .max_tokens = 16
#define HELLO ",\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}]}"

static void parameters_have_the_words_of_the_protocol(void **state)
{
    (void)state;
    static const char *const stop[] = { "END" };
    static const struct {
        struct provider_target t;
        const char *body;
    } table[] = {
        { { BASE }, "{\"generationConfig\":{\"maxOutputTokens\":16}" HELLO },
        { { BASE, .stream = true }, "{\"generationConfig\":{\"maxOutputTokens\":16}" HELLO },
        { { BASE, .has_temperature = true, .temperature = 0.7, .has_top_p = true, .top_p = 0.9, .has_seed = true, .seed = 7 },
          "{\"generationConfig\":{\"temperature\":0.7,\"topP\":0.9,\"seed\":7,\"maxOutputTokens\":16}" HELLO },
        { { BASE, .stop = stop, .stop_count = 1 }, "{\"generationConfig\":{\"maxOutputTokens\":16,\"stopSequences\":[\"END\"]}" HELLO },
        { { BASE, .reasoning_effort = "minimal" },
          "{\"generationConfig\":{\"maxOutputTokens\":16,\"thinkingConfig\":{\"thinkingLevel\":\"MINIMAL\"}}" HELLO },
        { { BASE, .reasoning_effort = "low",
            .extra_json = "{\"generationConfig\":{\"topK\":3,\"thinkingConfig\":{\"includeThoughts\":true}},"
                          "\"safetySettings\":[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_NONE\"}]}" },
          "{\"generationConfig\":{\"topK\":3,\"thinkingConfig\":{\"includeThoughts\":true,\"thinkingLevel\":\"LOW\"},"
          "\"maxOutputTokens\":16},\"safetySettings\":[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_NONE\"}]" HELLO },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        body_is(&gemini_generate, &table[i].t, &hello, table[i].body);
}

static void images_are_inline_data_and_the_system_prompt_stands_apart(void **state)
{
    (void)state;
#define HEAD "{\"generationConfig\":{\"maxOutputTokens\":16}"
#define USER(parts) ",\"contents\":[{\"role\":\"user\",\"parts\":[" parts "]}]}"
#define PNG "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"sha256:aa\"}}"
#define JPEG "{\"inlineData\":{\"mimeType\":\"image/jpeg\",\"data\":\"sha256:bb\"}}"
#define TEXT "{\"text\":\"look\"}"
    static const struct provider_target t = { BASE };
    static const struct {
        struct chat_request c;
        const char *body;
    } table[] = {
        { { .prompt = "look" }, HEAD USER(TEXT) },
        { { .prompt = "" }, HEAD USER("{\"text\":\"\"}") },
        { { .system = "be\nkind", .prompt = "look" }, HEAD ",\"systemInstruction\":{\"parts\":[{\"text\":\"be\\nkind\"}]}" USER(TEXT) },
        { { .prompt = "look", .image = images, .image_count = 2 }, HEAD USER(PNG "," JPEG "," TEXT) },
        { { .prompt = "look", .image = images, .image_count = 2, .text_first = true }, HEAD USER(TEXT "," PNG "," JPEG) },
        { { .prompt = "", .image = images, .image_count = 1 }, HEAD USER(PNG) },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        body_is(&gemini_generate, &t, &table[i].c, table[i].body);
}

static void model_and_method_are_the_address(void **state)
{
    (void)state;
    static const struct {
        const char *base_url, *model;
        bool stream;
        const char *url;
    } table[] = {
        { "https://h.example", "gemini-x", false, "https://h.example/v1beta/models/gemini-x:generateContent" },
        { "https://h.example/", "gemini-x", false, "https://h.example/v1beta/models/gemini-x:generateContent" },
        { "https://h.example/v1beta", "gemini-x", false, "https://h.example/v1beta/models/gemini-x:generateContent" },
        { "https://h.example/v1", "gemini-x", false, "https://h.example/v1/models/gemini-x:generateContent" },
        { "https://h.example/v1alpha/", "gemini-x", false, "https://h.example/v1alpha/models/gemini-x:generateContent" },
        { "https://h.example/gemini", "gemini-x", false, "https://h.example/gemini/v1beta/models/gemini-x:generateContent" },
        { "https://h.example", "models/gemini-x", false, "https://h.example/v1beta/models/gemini-x:generateContent" },
        { "https://h.example", "tunedModels/a-b", false, "https://h.example/v1beta/tunedModels/a-b:generateContent" },
        { "https://h.example", "org/name", false, "https://h.example/v1beta/models/org%2Fname:generateContent" },
        { "https://h.example", "a b?c#d", false, "https://h.example/v1beta/models/a%20b%3Fc%23d:generateContent" },
        { "https://h.example/v1beta/models/gemini-x:generateContent", "gemini-x", false,
          "https://h.example/v1beta/models/gemini-x:generateContent" },
        { "https://h.example", "gemini-x", true, "https://h.example/v1beta/models/gemini-x:streamGenerateContent?alt=sse" },
        { "https://h.example?a=b", "gemini-x", true, "https://h.example/v1beta/models/gemini-x:streamGenerateContent?a=b&alt=sse" },
        { "https://h.example/v1?", "gemini-x", true, "https://h.example/v1/models/gemini-x:streamGenerateContent?alt=sse" },
        { "https://h.example?a=b", "gemini-x", false, "https://h.example/v1beta/models/gemini-x:generateContent?a=b" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const struct provider_target t = { .base_url = table[i].base_url, .model = table[i].model, .stream = table[i].stream };
        url_is(&gemini_generate, &t, table[i].url);
    }
}

static void key_is_a_header(void **state)
{
    (void)state;
    struct secret *key = secret_new("k-123", 5);
    const struct provider_target t = { BASE, .api_key = key };

    header_is(&gemini_generate, &t, "x-goog-api-key", "k-123");
    header_is(&gemini_generate, &t, "authorization", NULL);
    header_is(&gemini_generate, &t, "content-type", "application/json");
    secret_free(key);
}

static void schema_of_the_answer_has_its_form(void **state)
{
    (void)state;
    static const struct chat_schema schema = { .name = "verdict", .json = "{\"type\":\"object\"}" };
    static const struct chat_schema broken = { .name = "verdict", .json = "[" };
    const struct chat_request c = { .prompt = "hello", .schema = &schema }, bad = { .prompt = "hello", .schema = &broken };
    const struct provider_target plain = { BASE, .reasoning_effort = "low" };
    const struct provider_target none = { BASE, .structured_output = STRUCTURED_NONE };
    const struct provider_target own = { BASE, .extra_json = "{\"generationConfig\":{\"responseMimeType\":\"text/x.enum\"}}" };
    struct arena a = ARENA_INIT;
    struct http_request r;

    body_is(&gemini_generate, &plain, &c,
            "{\"generationConfig\":{\"maxOutputTokens\":16,\"thinkingConfig\":{\"thinkingLevel\":\"LOW\"},\"responseMimeType\":"
            "\"application/json\",\"responseJsonSchema\":{\"type\":\"object\"}}" HELLO);
    body_is(&gemini_generate, &none, &c, "{\"generationConfig\":{\"maxOutputTokens\":16}" HELLO);
    body_is(&gemini_generate, &own, &c, "{\"generationConfig\":{\"responseMimeType\":\"text/x.enum\",\"maxOutputTokens\":16}" HELLO);
    assert_int_equal(gemini_generate.build(&plain, &bad, &a, &r, NULL), ERR_INVALID);
    arena_release(&a);
}

static void what_the_protocol_cannot_say_is_refused(void **state)
{
    (void)state;
    static const struct check_case table[] = {
        { { BASE }, NULL, NULL },
        { { BASE, .has_temperature = true, .temperature = 2, .has_seed = true, .seed = INT32_MAX, .reasoning_effort = "xhigh",
            .max_tokens_key = "max_tokens" },
          NULL,
          NULL },
        { { BASE, .structured_output = STRUCTURED_NONE, .system_role = "system" }, NULL, NULL },
        { { BASE, .logprobs = true }, "logprobs", "no `logprobs`" },
        { { BASE, .top_logprobs = 3 }, "top_logprobs", "no `top_logprobs`" },
        { { BASE, .image_detail = "low" }, "image_detail", "no `image_detail`" },
        { { BASE, .system_role = "user" }, "system_role", "no message" },
        { { BASE, .response_format_json = "{}" }, "response_format", "`extra`" },
        { { BASE, .structured_output = STRUCTURED_TGI }, "structured_output", "`auto`" },
        { { BASE, .provider = "novita" }, "provider", "Hugging Face router" },
        { { BASE, .has_seed = true, .seed = INT64_C(2147483648) }, "seed", "2147483647" },
        { { BASE, .max_tokens_key = "max_completion_tokens" }, "max_tokens_key", "one name" },
        { { BASE, .reasoning_effort = "none" }, "reasoning_effort", "thinkingBudget" },
        { { BASE, .reasoning_effort = "max" }, "reasoning_effort", "xhigh" },
        { { BASE, .extra_json = "{\"contents\":[]}" }, "extra", "`contents`" },
        { { BASE, .extra_json = "{\"systemInstruction\":{}}" }, "extra", "`systemInstruction`" },
        { { BASE, .extra_json = "{\"generation_config\":{}}" }, "extra", "`generation_config`" },
        { { BASE, .extra_json = "{\"generationConfig\":[]}" }, "extra", "must be an object" },
        { { BASE, .extra_json = "{\"generationConfig\":{\"candidateCount\":2}}" }, "extra", "`candidateCount`" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        check_gives(&gemini_generate, &table[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_have_the_words_of_the_protocol),
        cmocka_unit_test(images_are_inline_data_and_the_system_prompt_stands_apart),
        cmocka_unit_test(model_and_method_are_the_address),
        cmocka_unit_test(key_is_a_header),
        cmocka_unit_test(schema_of_the_answer_has_its_form),
        cmocka_unit_test(what_the_protocol_cannot_say_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
