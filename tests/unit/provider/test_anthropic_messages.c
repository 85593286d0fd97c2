#include "request_case.h"

#include "provider/anthropic_messages.h"

#define BASE .base_url = "https://api.anthropic.com", .model = "claude-x", .max_tokens = 16
#define HELLO ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"

static void parameters_have_the_words_of_the_protocol(void **state)
{
    (void)state;
    static const char *const stop[] = { "END", "\n\n" };
    static const struct {
        struct provider_target t;
        const char *body;
    } table[] = {
        { { BASE }, "{\"model\":\"claude-x\",\"max_tokens\":16" HELLO },
        { { BASE, .has_temperature = true, .has_top_p = true, .top_p = 0.9 },
          "{\"model\":\"claude-x\",\"max_tokens\":16,\"temperature\":0,\"top_p\":0.9" HELLO },
        { { BASE, .stop = stop, .stop_count = 2 },
          "{\"model\":\"claude-x\",\"max_tokens\":16,\"stop_sequences\":[\"END\",\"\\n\\n\"]" HELLO },
        { { BASE, .reasoning_effort = "low" }, "{\"model\":\"claude-x\",\"max_tokens\":16,\"output_config\":{\"effort\":\"low\"}" HELLO },
        { { BASE, .stream = true }, "{\"model\":\"claude-x\",\"max_tokens\":16,\"stream\":true" HELLO },
        { { BASE, .extra_json = "{\"thinking\":{\"type\":\"adaptive\"},\"top_k\":5}" },
          "{\"model\":\"claude-x\",\"max_tokens\":16,\"thinking\":{\"type\":\"adaptive\"},\"top_k\":5" HELLO },
        { { BASE, .reasoning_effort = "low", .extra_json = "{\"output_config\":{\"format\":{\"type\":\"json_schema\"}}}" },
          "{\"model\":\"claude-x\",\"max_tokens\":16,\"output_config\":{\"format\":{\"type\":\"json_schema\"},\"effort\":\"low\"}" HELLO },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        body_is(&anthropic_messages, &table[i].t, &hello, table[i].body);
}

static void images_are_blocks_and_the_system_prompt_stands_apart(void **state)
{
    (void)state;
#define HEAD "{\"model\":\"claude-x\",\"max_tokens\":16"
#define USER(content) ",\"messages\":[{\"role\":\"user\",\"content\":" content "}]}"
#define IMAGE(mime, sha) "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"" mime "\",\"data\":\"" sha "\"}}"
#define PNG IMAGE("image/png", "sha256:aa")
#define JPEG IMAGE("image/jpeg", "sha256:bb")
#define TEXT "{\"type\":\"text\",\"text\":\"look\"}"
    static const struct provider_target t = { BASE };
    static const struct {
        struct chat_request c;
        const char *body;
    } table[] = {
        { { .prompt = "look" }, HEAD USER("\"look\"") },
        { { .system = "be\nkind", .prompt = "look" }, HEAD ",\"system\":\"be\\nkind\"" USER("\"look\"") },
        { { .prompt = "look", .image = images, .image_count = 1 }, HEAD USER("[" PNG "," TEXT "]") },
        { { .prompt = "look", .image = images, .image_count = 2 }, HEAD USER("[" PNG "," JPEG "," TEXT "]") },
        { { .prompt = "look", .image = images, .image_count = 2, .text_first = true }, HEAD USER("[" TEXT "," PNG "," JPEG "]") },
        { { .prompt = "", .image = images, .image_count = 1 }, HEAD USER("[" PNG "]") },
        { { .system = "s", .prompt = "look", .image = images, .image_count = 1 }, HEAD ",\"system\":\"s\"" USER("[" PNG "," TEXT "]") },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        body_is(&anthropic_messages, &t, &table[i].c, table[i].body);
}

static void image_bytes_are_borrowed_and_encoded_later(void **state)
{
    (void)state;
    static const struct provider_target t = { BASE };
    const struct chat_request c = { .prompt = "look", .image = images, .image_count = 2 };
    struct arena a = ARENA_INIT;
    struct http_request r;
    assert_int_equal(anthropic_messages.build(&t, &c, &a, &r, NULL), OK);

    assert_int_equal(r.part_count, 5);
    assert_int_equal(r.part[3].kind, HTTP_PART_BASE64);
    assert_ptr_equal(r.part[3].bytes, images[1].bytes);
    assert_string_equal(r.part[3].label, "sha256:bb");
    arena_release(&a);
}

static void address_is_completed(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "https://api.anthropic.com", "https://api.anthropic.com/v1/messages" },
        { "https://api.anthropic.com/", "https://api.anthropic.com/v1/messages" },
        { "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages" },
        { "https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1/messages" },
        { "https://h.example/anthropic?a=b", "https://h.example/anthropic/v1/messages?a=b" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const struct provider_target t = { .base_url = table[i][0], .model = "claude-x", .max_tokens = 1 };
        url_is(&anthropic_messages, &t, table[i][1]);
    }
}

static void key_and_version_are_headers(void **state)
{
    (void)state;
    static const struct http_header newer[] = { { "Anthropic-Version", "2026-10-21" } };
    struct secret *key = secret_new("k-123", 5);
    const struct provider_target t = { BASE, .api_key = key };
    const struct provider_target other = { BASE, .header = newer, .header_count = 1, .stream = true };

    header_is(&anthropic_messages, &t, "x-api-key", "k-123");
    header_is(&anthropic_messages, &t, "authorization", NULL);
    header_is(&anthropic_messages, &t, "anthropic-version", "2023-06-01");
    header_is(&anthropic_messages, &t, "content-type", "application/json");
    header_is(&anthropic_messages, &t, "accept", "application/json");
    header_is(&anthropic_messages, &other, "x-api-key", NULL);
    header_is(&anthropic_messages, &other, "anthropic-version", "2026-10-21");
    header_is(&anthropic_messages, &other, "accept", "text/event-stream, application/json");
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
    const struct provider_target own = { BASE, .extra_json = "{\"output_config\":{\"format\":{\"type\":\"own\"}}}" };
    struct arena a = ARENA_INIT;
    struct http_request r;

    body_is(&anthropic_messages, &plain, &c,
            "{\"model\":\"claude-x\",\"max_tokens\":16,\"output_config\":{\"effort\":\"low\",\"format\":{\"type\":\"json_schema\","
            "\"schema\":{\"type\":\"object\"}}}" HELLO);
    body_is(&anthropic_messages, &none, &c, "{\"model\":\"claude-x\",\"max_tokens\":16" HELLO);
    body_is(&anthropic_messages, &own, &c,
            "{\"model\":\"claude-x\",\"max_tokens\":16,\"output_config\":{\"format\":{\"type\":\"own\"}}" HELLO);
    assert_int_equal(anthropic_messages.build(&plain, &bad, &a, &r, NULL), ERR_INVALID);
    arena_release(&a);
}

static void what_the_protocol_cannot_say_is_refused(void **state)
{
    (void)state;
    static const struct check_case table[] = {
        { { BASE }, NULL, NULL },
        { { BASE, .has_temperature = true, .temperature = 1, .reasoning_effort = "max", .max_tokens_key = "max_tokens" }, NULL, NULL },
        { { BASE, .extra_json = "{\"top_k\":5}" }, NULL, NULL },
        { { BASE, .has_seed = true, .seed = 7 }, "seed", "no `seed`" },
        { { BASE, .structured_output = STRUCTURED_NONE, .system_role = "system" }, NULL, NULL },
        { { BASE, .logprobs = true }, "logprobs", "no `logprobs`" },
        { { BASE, .top_logprobs = 3 }, "top_logprobs", "no `top_logprobs`" },
        { { BASE, .image_detail = "low" }, "image_detail", "no `image_detail`" },
        { { BASE, .system_role = "user" }, "system_role", "no message" },
        { { BASE, .response_format_json = "{}" }, "response_format", "`extra`" },
        { { BASE, .structured_output = STRUCTURED_TGI }, "structured_output", "`auto`" },
        { { BASE, .provider = "novita" }, "provider", "Hugging Face router" },
        { { BASE, .has_temperature = true, .temperature = 1.5 }, "temperature", "0 to 1" },
        { { BASE, .max_tokens_key = "max_completion_tokens" }, "max_tokens_key", "one name" },
        { { BASE, .reasoning_effort = "none" }, "reasoning_effort", "disabled" },
        { { BASE, .reasoning_effort = "minimal" }, "reasoning_effort", "low, medium" },
        { { BASE, .extra_json = "{\"system\":\"x\"}" }, "extra", "`system`" },
        { { BASE, .extra_json = "{\"messages\":[]}" }, "extra", "`messages`" },
        { { BASE, .extra_json = "{\"model\":\"x\"}" }, "extra", "`model`" },
        { { BASE, .extra_json = "{\"stream\":true}" }, "extra", "`stream`" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        check_gives(&anthropic_messages, &table[i]);
}

static void image_of_another_format_is_refused(void **state)
{
    (void)state;
    static const struct provider_target t = { BASE };
    static const struct chat_image bmp = { "image/bmp", "BM", 2, "sha256:cc" };
    const struct chat_request c = { .prompt = "look", .image = &bmp, .image_count = 1 };
    struct arena a = ARENA_INIT;
    struct http_request r;
    struct error e;

    assert_int_equal(anthropic_messages.build(&t, &c, &a, &r, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "image 1 is image/bmp"));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_have_the_words_of_the_protocol),
        cmocka_unit_test(images_are_blocks_and_the_system_prompt_stands_apart),
        cmocka_unit_test(image_bytes_are_borrowed_and_encoded_later),
        cmocka_unit_test(address_is_completed),
        cmocka_unit_test(key_and_version_are_headers),
        cmocka_unit_test(schema_of_the_answer_has_its_form),
        cmocka_unit_test(what_the_protocol_cannot_say_is_refused),
        cmocka_unit_test(image_of_another_format_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
