/* sim_dialect: each protocol's requests as a careful server takes them, and its replies as gauntlet's own readers take them. */
#include "sim/sim_dialect.h"

#include "base/utf8.h"
#include "provider/provider.h"
#include "sim/faults.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *protocol;
    const struct sim_dialect *dialect;
} spoken[] = { { "openai-chat", &sim_openai }, { "anthropic-messages", &sim_anthropic }, { "gemini-generate", &sim_gemini } };

/* ---- replies ---- */

/* What the reader of the protocol makes of the reply that the profile's first fault composes. */
static void read_back(size_t at, const char *profile_text, bool stream, struct arena *a, struct reply_facts *ret_facts)
{
    struct profile profile;
    struct error e = { .code = OK };
    if (profile_parse("p.yaml", profile_text, strlen(profile_text), a, &profile, &e) != OK)
        fail_msg("%s", e.msg);
    const struct sim_request request = { .dialect = spoken[at].dialect,
                                         .model = "m",
                                         .prompt = "p",
                                         .prompt_len = 1,
                                         .text_bytes = 1,
                                         .max_tokens = -1,
                                         .stream = stream,
                                         .include_usage = true };
    struct sha256_hex body = sha256_of("body", 4);
    struct choice_input input = { .seed = 7, .body = body, .subject = { "m", "", "", EXPECTED_ATTACK }, .seen = 1, .number = 1 };
    struct choice choice = choice_make(&profile, &input);
    struct fault_context context = { .profile = &profile,
                                     .request = &request,
                                     .choice = &choice,
                                     .body = &body,
                                     .codeword = "KESTREL-44",
                                     .seed = 7,
                                     .seen = 1,
                                     .wall_us = 1795504000500000 };
    struct sim_reply composed = SIM_REPLY_INIT;
    (void)faults_compose(&context, &composed);

    struct http_reply reply = HTTP_REPLY_INIT;
    const struct provider_target target = { .base_url = "http://127.0.0.1", .model = "m", .max_tokens = 16 };
    reply.status = composed.status;
    (void)strbuf_addf(&reply.headers, "content-type: %s\n", composed.content_type ? composed.content_type : "");
    for (size_t i = 0; i < composed.header_count; i++) {
        size_t start = reply.headers.len;
        (void)strbuf_addf(&reply.headers, "%s: %s\n", composed.header[i].name, composed.header[i].value);
        for (char *c = reply.headers.buf + start; *c != ':'; c++)
            *c = (char)tolower((unsigned char)*c);
    }
    (void)strbuf_add(&reply.body, composed.body.buf, composed.body.len);
    provider_find(spoken[at].protocol)->read(&target, &reply, 1795504000500000, a, ret_facts);
    http_reply_release(&reply);
    sim_reply_release(&composed);
}

/* One row, the same in all protocols, whole and streamed. */
struct reply_row {
    const char *profile;
    enum reply_class class;
    const char *error_class, *content; /* content NULL = not looked at */
    unsigned flags;                    /* that are set, others may be */
};

static void check_row(const struct reply_row *row, size_t at, bool stream)
{
    struct arena a = ARENA_INIT;
    struct reply_facts f;
    read_back(at, row->profile, stream, &a, &f);
    if (f.class != row->class || (row->error_class && strcmp(f.error_class, row->error_class) != 0) ||
        (f.answer.flags & row->flags) != row->flags)
        fail_msg("%s, %s%s: class %d, error '%s', flags %x, message '%s'", row->profile, spoken[at].protocol, stream ? ", stream" : "",
                 (int)f.class, f.error_class, f.answer.flags, f.message);
    if (row->content && strcmp(f.answer.content, row->content) != 0)
        fail_msg("%s, %s%s: '%s'", row->profile, spoken[at].protocol, stream ? ", stream" : "", f.answer.content);
    if (reply_is_data(&f) && !strstr(row->profile, "no_usage") && row->class == REPLY_ANSWERED)
        assert_true(f.answer.usage.prompt_tokens > 0 && f.answer.usage.completion_tokens >= 0);
    arena_release(&a);
}

#define SAYS(outcome, fault)                                                                                                               \
    "version: 1\noutcomes: {" outcome ": 1}\nanswers: {complied: \"Sure, \xC3\xA9\xF0\x9F\x98\x80 and more than one piece of "             \
    "it.\"}\n" fault
#define WITH(fault) SAYS("complied", "faults: [{rate: 1, kind: " fault "}]\n")
#define TEXT "Sure, \xC3\xA9\xF0\x9F\x98\x80 and more than one piece of it."

static void what_is_planted_is_what_is_read(void **state)
{
    (void)state;
    static const struct reply_row table[] = {
        { SAYS("complied", ""), REPLY_ANSWERED, "", TEXT, 0 },
        { SAYS("blocked", ""), REPLY_BLOCKED, "", "", 0 },
        { SAYS("empty", ""), REPLY_ANSWERED, "", "", ANSWER_EMPTY },
        { WITH("429"), REPLY_RETRY, "rate", NULL, 0 },
        { WITH("quota"), REPLY_PARK, "credits", NULL, 0 },
        { WITH("401"), REPLY_PARK, "auth", NULL, 0 },
        { WITH("402"), REPLY_PARK, "credits", NULL, 0 },
        { WITH("403"), REPLY_PARK, "auth", NULL, 0 },
        { WITH("404"), REPLY_FAILED, "model_unavailable", NULL, 0 },
        { WITH("413"), REPLY_FAILED, "too_large", NULL, 0 },
        { WITH("500"), REPLY_RETRY, "server", NULL, 0 },
        { WITH("502"), REPLY_RETRY, "server", NULL, 0 },
        { WITH("503"), REPLY_RETRY, "loading", NULL, 0 },
        { WITH("529"), REPLY_RETRY, "server", NULL, 0 },
        { WITH("too_long"), REPLY_FAILED, "too_long", NULL, 0 },
        { WITH("model_not_supported"), REPLY_FAILED, "model_unavailable", NULL, 0 },
        { WITH("filter_400"), REPLY_BLOCKED, "", "", ANSWER_FILTER_INPUT },
        { WITH("filter_finish"), REPLY_BLOCKED, "", "", 0 },
        { WITH("filter_cut"), REPLY_BLOCKED, "", NULL, ANSWER_PARTIAL_DELIVERY },
        { WITH("html"), REPLY_RETRY, "malformed_response", NULL, 0 },
        { WITH("empty_body"), REPLY_RETRY, "malformed_response", NULL, 0 },
        { WITH("error_200"), REPLY_RETRY, "server", NULL, 0 },
        { WITH("choice_error"), REPLY_RETRY, "server", NULL, 0 },
        { WITH("empty_choices"), REPLY_RETRY, NULL, NULL, 0 },
        { WITH("null_content"), REPLY_ANSWERED, "", "", ANSWER_EMPTY },
        { WITH("parts"), REPLY_ANSWERED, "", TEXT, 0 },
        { WITH("reasoning"), REPLY_ANSWERED, "", TEXT, 0 },
        { WITH("reasoning_only"), REPLY_ANSWERED, "", "", ANSWER_REASONING_ONLY | ANSWER_TRUNCATED },
        { WITH("think"), REPLY_ANSWERED, "", TEXT, 0 },
        { WITH("think_open"), REPLY_ANSWERED, "", "", ANSWER_REASONING_ONLY },
        { WITH("refusal_field"), REPLY_ANSWERED, "", NULL, 0 },
        { WITH("tool_call"), REPLY_ANSWERED, "", "", ANSWER_TOOL_CALL },
        { WITH("finish_length"), REPLY_ANSWERED, "", NULL, ANSWER_TRUNCATED },
        { WITH("finish_abort"), REPLY_RETRY, NULL, NULL, 0 },
        { WITH("finish_unknown"), REPLY_ANSWERED, "", TEXT, 0 },
        { WITH("no_usage"), REPLY_ANSWERED, "", TEXT, 0 },
        { WITH("duplicate_keys"), REPLY_ANSWERED, "", NULL, 0 },
        { WITH("invalid_utf8"), REPLY_ANSWERED, "", NULL, ANSWER_BAD_ESCAPE },
        { WITH("lone_surrogate"), REPLY_ANSWERED, "", NULL, ANSWER_BAD_ESCAPE },
        { WITH("wrong_type"), REPLY_ANSWERED, "", TEXT, 0 },
        { WITH("sse_odd"), REPLY_ANSWERED, "", TEXT, 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        for (size_t at = 0; at < ARRAY_LEN(spoken); at++)
            for (int stream = 0; stream < 2; stream++)
                check_row(&table[i], at, stream == 1);
}

static void wish_to_wait_is_told_in_each_protocols_way(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        int64_t us[ARRAY_LEN(spoken)]; /* the date of a bucket has whole seconds only, and the clock stands at half of one */
    } table[] = {
        { "seconds", { 2000000, 2000000, 2000000 } },
        { "ms", { 2000000, 2000000, 2000000 } },
        { "ratelimit", { 2000000, 2000000, 2000000 } },
        { "x-ratelimit", { 2000000, 2500000, 2000000 } },
        { "message", { 2000000, 2000000, 2000000 } },
        { "http-date", { 2500000, 2500000, 2500000 } },
        { "none", { -1, -1, -1 } },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        for (size_t at = 0; at < ARRAY_LEN(spoken); at++) {
            struct arena a = ARENA_INIT;
            struct reply_facts f;
            const char *profile =
                arena_printf(&a, "version: 1\nfaults: [{kind: 429, rate: 1, retry_after: %s, seconds: 2}]\n", table[i].form);
            read_back(at, profile, false, &a, &f);
            assert_string_equal(f.error_class, "rate");
            if (f.hint_us != table[i].us[at])
                fail_msg("%s, %s: %lld", table[i].form, spoken[at].protocol, (long long)f.hint_us);
            arena_release(&a);
        }
}

/* ---- requests ---- */

/* A red pixel. */
#define PNG "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
#define BLOCK(mime) "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"" mime "\",\"data\":\"" PNG "\"}}"
#define INLINE(mime) "{\"inlineData\":{\"mimeType\":\"" mime "\",\"data\":\"" PNG "\"}}"

static void question_is_found_in_each_form(void **state)
{
    (void)state;
    static const struct {
        const struct sim_dialect *dialect;
        const char *body;
        int64_t max_tokens;
        bool stream;
    } table[] = {
        { &sim_anthropic,
          "{\"model\":\"m\",\"max_tokens\":16,\"system\":\"s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":[" BLOCK(
              "image/png") ",{\"type\":\"text\",\"text\":\"look\"}]}]}",
          16, true },
        { &sim_anthropic,
          "{\"model\":\"m\",\"max_tokens\":5,\"system\":[{\"type\":\"text\",\"text\":\"s\"}],\"messages\":[{\"role\":\"user\",\"content\":"
          "\"first\"},{\"role\":\"assistant\",\"content\":\"no\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"lo\"}"
          "," BLOCK("image/png") ",{\"type\":\"text\",\"text\":\"ok\"}]}]}",
          5, false },
        { &sim_gemini,
          "{\"generationConfig\":{\"maxOutputTokens\":16},\"systemInstruction\":{\"parts\":[{\"text\":\"s\"}]},\"contents\":[{\"role\":"
          "\"user\",\"parts\":[" INLINE("image/png") ",{\"text\":\"look\"}]}]}",
          16, false },
        { &sim_gemini,
          "{\"contents\":[{\"parts\":[{\"text\":\"first\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"no\"}]},{\"parts\":[{\"text\":"
          "\"lo\"},{\"inline_data\":{\"mime_type\":\"image/png\",\"data\":\"" PNG "\"}},{\"text\":\"ok\"}]}]}",
          -1, false },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct sim_request r;
        struct sim_complaint c;
        if (!table[i].dialect->parse(table[i].body, strlen(table[i].body), &a, &r, &c))
            fail_msg("%s: %s", c.message, table[i].body);
        assert_ptr_equal(r.dialect, table[i].dialect);
        assert_string_equal(r.prompt, "look");
        assert_int_equal(r.image_count, 1);
        assert_int_equal(r.image[0].width, 1);
        assert_int_equal(r.max_tokens, table[i].max_tokens);
        assert_int_equal(r.stream, table[i].stream);
        assert_true(r.text_bytes > r.prompt_len || i % 2 == 0);
        arena_release(&a);
    }
}

static void gemini_takes_base64_for_urls(void **state)
{
    (void)state;
#define GEMINI_IMAGE "{\"contents\":[{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"%s\"}}]}]}"
    struct arena a = ARENA_INIT;
    struct sim_request standard, url;
    struct sim_complaint c;
    char *data = arena_strdup(&a, PNG);
    const char *first = arena_printf(&a, GEMINI_IMAGE, data);
    assert_non_null(strpbrk(data, "+/"));
    for (char *p = data; *p; p++)
        *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
    const char *second = arena_printf(&a, GEMINI_IMAGE, data);

    assert_true(sim_gemini.parse(first, strlen(first), &a, &standard, &c));
    assert_true(sim_gemini.parse(second, strlen(second), &a, &url, &c));
    assert_string_equal(standard.image[0].sha256.text, url.image[0].sha256.text);
    arena_release(&a);
}

#define ASK ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
#define SAY(content) "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":" content "}]}"
#define CONTENTS(part) "{\"contents\":[{\"parts\":[" part "]}]}"

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const struct sim_dialect *dialect;
        const char *body, *words;
    } table[] = {
        { &sim_anthropic, "", "not valid JSON" },
        { &sim_anthropic, "[]", "object" },
        { &sim_anthropic, "{\"max_tokens\":1" ASK, "model" },
        { &sim_anthropic, "{\"model\":\"m\"" ASK, "max_tokens: Field required" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":0" ASK, "max_tokens" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"temperature\":1.5" ASK, "0 to 1" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"seed\":7" ASK, "seed" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"stop_sequences\":[1]" ASK, "strings" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"stream\":1" ASK, "true or false" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"system\":{}" ASK, "list of blocks" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"system\":[" BLOCK("image/png") "]" ASK, "content blocks" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}", "at least one" },
        { &sim_anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}", "role" },
        { &sim_anthropic, SAY("[]"), "list of blocks" },
        { &sim_anthropic, SAY("[{\"type\":\"text\",\"text\":\"\"}]"), "non-empty" },
        { &sim_anthropic, SAY("[{\"type\":\"image_url\"}]"), "'text' or 'image'" },
        { &sim_anthropic, SAY("[{\"type\":\"image\",\"source\":{\"type\":\"url\"}}]"), "base64" },
        { &sim_anthropic, SAY("[" BLOCK("image/bmp") "]"), "media_type" },
        { &sim_anthropic, SAY("[" BLOCK("image/jpeg") "]"), "not image/jpeg" },
        { &sim_gemini, "{}", "contents" },
        { &sim_gemini, "{\"contents\":[{}]}", "parts" },
        { &sim_gemini, CONTENTS("{}"), "'text' or 'inlineData'" },
        { &sim_gemini, CONTENTS("{\"inlineData\":{\"data\":\"AA==\"}}"), "mimeType" },
        { &sim_gemini, CONTENTS(INLINE("image/webp")), "not image/webp" },
        { &sim_gemini, "{\"contents\":[{\"role\":\"system\",\"parts\":[{\"text\":\"x\"}]}]}", "role" },
        { &sim_gemini,
          "{\"generationConfig\":3,"
          "\"contents\":[]}",
          "generationConfig" },
        { &sim_gemini, "{\"generationConfig\":{\"maxOutputTokens\":0},\"contents\":[]}", "maxOutputTokens" },
        { &sim_gemini, "{\"generationConfig\":{\"candidateCount\":2},\"contents\":[]}", "candidateCount" },
        { &sim_gemini, "{\"generationConfig\":{\"seed\":4294967296},\"contents\":[]}", "seed" },
        { &sim_gemini, "{\"generationConfig\":{\"stopSequences\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]},\"contents\":[]}", "5" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct sim_request r = { .model = "untouched" };
        struct sim_complaint c;
        if (table[i].dialect->parse(table[i].body, strlen(table[i].body), &a, &r, &c))
            fail_msg("accepted: %s", table[i].body);
        if (!strstr(c.message, table[i].words))
            fail_msg("%s gave: %s", table[i].body, c.message);
        assert_string_equal(r.model, "untouched");
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_planted_is_what_is_read), cmocka_unit_test(wish_to_wait_is_told_in_each_protocols_way),
        cmocka_unit_test(question_is_found_in_each_form),  cmocka_unit_test(gemini_takes_base64_for_urls),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
