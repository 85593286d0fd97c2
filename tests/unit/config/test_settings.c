#include "config/settings.h"

#include "base/json.h"
#include "scratch_group.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* The least that an endpoint needs; tests add lines below it. */
#define ENDPOINT                                                                                                                           \
    "endpoints:\n"                                                                                                                         \
    "- name: candidate\n"                                                                                                                  \
    "  protocol: openai-chat\n"                                                                                                            \
    "  base_url: http://127.0.0.1/v1\n"                                                                                                    \
    "  model: org/model\n"

static struct settings load(const char *text)
{
    struct settings s;
    struct error e = { 0 };
    if (settings_load(scratch_text(&scratch, "config.yaml", text), &scratch.arena, &s, &e) != OK)
        fail_msg("%s", e.msg);
    return s;
}

/* The message, without the folder in front. */
static const char *refused(const char *text)
{
    struct settings s = { .io_threads = -7 };
    struct error e = { 0 };
    const char *path = scratch_text(&scratch, "config.yaml", text);
    if (settings_load(path, &scratch.arena, &s, &e) != ERR_INVALID)
        fail_msg("not refused: %s", text);
    assert_int_equal(s.io_threads, -7); /* a failed load leaves it alone */
    assert_memory_equal(e.msg, path, strlen(path));
    return arena_strdup(&scratch.arena, e.msg + strlen(scratch.dir) + 1);
}

static void assert_refused(const char *lines, const char *first_line)
{
    const char *message = refused(lines);
    const char *first = arena_strndup(&scratch.arena, message, strcspn(message, "\n"));
    assert_string_equal(first, first_line);
}

/* With `lines` below the endpoint, on line 6 and on. */
static void assert_endpoint_refused(const char *lines, const char *first_line)
{
    assert_refused(arena_printf(&scratch.arena, "%s%s", ENDPOINT, lines), first_line);
}

static void the_least_configuration_gets_defaults(void **state)
{
    (void)state;
    struct settings s = load(ENDPOINT);
    const struct endpoint_config *c = &s.endpoint[0];

    assert_string_equal(s.store, "results/gauntlet.db");
    assert_int_equal(s.io_threads, 1);
    assert_int_equal(s.max_in_flight, 256);
    assert_false(s.redact_given);
    assert_true(redact_matches(&s.redact, "Child Safety", NULL));
    assert_int_equal(s.endpoint_count, 1);
    assert_string_equal(c->name, "candidate");
    assert_string_equal(c->protocol, "openai-chat");
    assert_string_equal(c->model, "org/model");
    assert_null(c->provider);
    assert_null(c->api_key);
    assert_int_equal(c->limits.max_in_flight, 0);
    assert_int_equal(c->limits.timeout_us, 600000000);
    assert_int_equal(c->limits.trial_timeout_us, 1800000000);
    assert_int_equal(c->limits.attempts, 6);
    assert_true(c->limits.budget_usd < 0);
    assert_false(c->price.known);
    assert_false(c->params.has_temperature);
    assert_int_equal(c->params.max_tokens, 1024);
    assert_string_equal(c->params.max_tokens_key, "max_tokens");
    assert_true(c->tls_verify);
    assert_int_equal(c->line, 2);
    assert_int_equal(c->column, 3);
    assert_string_equal(yaml_find(c->node, "protocol")->text, "openai-chat");
    assert_int_equal(settings_require_key(&s, c, NULL), OK);
    settings_release(&s);
}

static void no_endpoints_are_no_error(void **state)
{
    (void)state;
    struct settings s = load("version: 1\nendpoints: []\n");
    assert_int_equal(s.endpoint_count, 0);
    settings_release(&s);
}

static void categories_to_withhold_are_named_by_patterns(void **state)
{
    (void)state;
    struct settings s = load("redact_categories: [weapons*, 'J (added)']\n");
    assert_true(s.redact_given);
    assert_int_equal(s.redact.count, 2);
    assert_true(redact_matches(&s.redact, "Weapons", NULL));
    CLEANUP(strbuf_release) struct strbuf json = STRBUF_INIT;
    settings_to_json(&s, &json);
    assert_non_null(strstr(json.buf, "\"redact_categories\":[\"weapons*\",\"J (added)\"]"));
    s = load("redact_categories: []\n");
    assert_true(s.redact_given);
    assert_int_equal(s.redact.count, 0);
}

static void every_key_is_understood(void **state)
{
    (void)state;
    struct settings s = load("version: 1\nstore: other.db\ndispatch: {io_threads: 2, max_in_flight: 9}\n" ENDPOINT "  provider: novita\n"
                             "  revision: 0123456789\n"
                             "  headers: {X-HF-Bill-To: my-org, X-Empty: ''}\n"
                             "  limits: {max_in_flight: 64, requests_per_minute: 600, tokens_per_minute: 4e5, timeout: 40m,\n"
                             "    attempts: 3, budget_usd: 25, max_request_bytes: 20MiB, max_images: 4, image_formats: [png, webp]}\n"
                             "  price: {input: 0.30, output: 1.20}\n"
                             "  params: {temperature: 0, top_p: 0.9, max_tokens: 512, max_tokens_key: max_completion_tokens, seed: 7,\n"
                             "    stop: [a, 'b'], reasoning_effort: low, stream: true,\n"
                             "    logprobs: true, top_logprobs: 3, image_detail: high, system_role: developer,\n"
                             "    response_format: {type: json_schema, json_schema: {name: v, strict: true, schema: {type: object}}}, "
                             "extra: {top_k: 5, on: true, text: '5', deep: {a: [1]}}}\n"
                             "  tls: {ca_file: ca.pem, verify: false}\n"
                             "  structured_output: tgi\n"
                             "  http_version: 1.1\n");
    const struct endpoint_config *c = &s.endpoint[0];

    assert_string_equal(s.store, "other.db");
    assert_int_equal(s.io_threads, 2);
    assert_int_equal(s.max_in_flight, 9);
    assert_string_equal(c->provider, "novita");
    assert_string_equal(c->revision, "0123456789");
    assert_int_equal(c->header_count, 2);
    assert_string_equal(c->header[0].name, "X-HF-Bill-To");
    assert_string_equal(c->header[0].value, "my-org");
    assert_int_equal(c->limits.max_in_flight, 64);
    assert_true(fabs(c->limits.tokens_per_minute - 400000) < 0.5);
    assert_int_equal(c->limits.timeout_us, INT64_C(2400000000));
    assert_int_equal(c->limits.trial_timeout_us, INT64_C(2400000000)); /* never less than one attempt may take */
    assert_int_equal(c->limits.max_request_bytes, 20u << 20);
    assert_int_equal(c->limits.max_images, 4);
    assert_true(endpoint_takes_image(&c->limits, "image/webp"));
    assert_false(endpoint_takes_image(&c->limits, "image/gif"));
    assert_true(endpoint_takes_image(&(struct endpoint_limits){ 0 }, "image/gif"));
    assert_true(c->price.known);
    assert_true(fabs(c->price.output - 1.2) < 1e-9);
    assert_true(c->params.has_temperature && c->params.has_top_p && c->params.has_seed && c->params.stream);
    assert_int_equal(c->params.seed, 7);
    assert_int_equal(c->params.stop_count, 2);
    assert_string_equal(c->params.stop[1], "b");
    assert_string_equal(c->params.max_tokens_key, "max_completion_tokens");
    assert_string_equal(c->params.reasoning_effort, "low");
    assert_true(c->params.logprobs);
    assert_int_equal(c->params.top_logprobs, 3);
    assert_string_equal(c->params.image_detail, "high");
    assert_string_equal(c->params.system_role, "developer");
    assert_string_equal(c->params.response_format_json,
                        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"v\",\"strict\":true,\"schema\":{\"type\":\"object\"}}}");
    assert_int_equal(c->structured_output, STRUCTURED_TGI);
    assert_string_equal(c->params.extra_json, "{\"top_k\":5,\"on\":true,\"text\":\"5\",\"deep\":{\"a\":[1]}}");
    assert_string_equal(c->ca_file, scratch_path(&scratch, "ca.pem"));
    assert_false(c->tls_verify);
    assert_int_equal(c->http_version, HTTP_VERSION_11);
    settings_release(&s);
}

static void the_example_shows_every_key_and_loads_without_its_token(void **state)
{
    (void)state;
    struct settings s;
    struct error e = { 0 };
    assert_int_equal(unsetenv("HF_TOKEN"), 0);
    if (settings_load("config.example.yaml", &scratch.arena, &s, &e) != OK)
        fail_msg("%s", e.msg);

    assert_int_equal(s.endpoint_count, 2);
    assert_int_equal(settings_require_key(&s, &s.endpoint[0], &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "config.example.yaml:"));
    assert_non_null(strstr(e.msg, "HF_TOKEN: it is not set"));
    assert_int_equal(settings_require_key(&s, &s.endpoint[1], &e), OK);
    settings_release(&s);

    static const char *const key[] = {
        "version",
        "store",
        "dispatch",
        "io_threads",
        "max_in_flight",
        "endpoints",
        "name",
        "protocol",
        "base_url",
        "model",
        "provider",
        "allow_any_provider",
        "revision",
        "api_key",
        "headers",
        "limits",
        "requests_per_minute",
        "tokens_per_minute",
        "timeout",
        "trial_timeout",
        "attempts",
        "budget_usd",
        "max_request_bytes",
        "max_images",
        "image_formats",
        "price",
        "params",
        "temperature",
        "top_p",
        "max_tokens",
        "max_tokens_key",
        "seed",
        "stop",
        "reasoning_effort",
        "logprobs",
        "top_logprobs",
        "image_detail",
        "system_role",
        "response_format",
        "structured_output",
        "extra",
        "stream",
        "tls",
        "ca_file",
        "verify",
        "http_version",
    };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    assert_int_equal(fs_read_file("config.example.yaml", 1 << 20, &text, NULL), OK);
    for (size_t i = 0; i < ARRAY_LEN(key); i++)
        assert_non_null(strstr(text.buf, arena_printf(&scratch.arena, "%s:", key[i])));
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    assert_refused("endpoint: []\n", "config.yaml:1:1: unknown key `endpoint` at the top level");
    assert_refused("version: 2\n", "config.yaml:1:10: this gauntlet reads `version: 1`");
    assert_refused("store: ''\n", "config.yaml:1:8: `store` may not be empty");
    assert_refused("dispatch: {io_threads: 0}\n", "config.yaml:1:24: `io_threads` wants a whole number from 1 to 64, found `0`");
    assert_refused("dispatch: []\n", "config.yaml:1:11: `dispatch` wants a map, found a list");
    assert_refused("endpoints: {name: x}\n", "config.yaml:1:12: `endpoints` wants a list, found a map");
    assert_refused("endpoints: [x]\n", "config.yaml:1:13: an item of `endpoints` wants a map, found `x`");
    assert_refused("endpoints: [{}]\n", "config.yaml:1:13: an item of `endpoints` needs the key `name`");
    assert_refused("endpoints: [{name: x}]\n", "config.yaml:1:13: an item of `endpoints` needs the key `protocol`");
    assert_refused("endpoints: [{name: x, protocol: ''}]\n", "config.yaml:1:33: `protocol` may not be empty");
    assert_refused("endpoints: [{name: a b}]\n",
                   "config.yaml:1:20: endpoint name `a b` may hold only letters, digits, `.`, `_` and `-`, at most 64");
    assert_refused("endpoints: [{name: x, protocol: p, base_url: host, model: m}]\n",
                   "config.yaml:1:46: `base_url` of endpoint `x` must begin with http:// or https://");
    assert_refused(ENDPOINT "- {name: candidate, protocol: p, base_url: 'http://h', model: m}\n",
                   "config.yaml:6:10: endpoint `candidate` is here twice; the first is on line 2");
}

static void mistakes_in_an_endpoint_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *message;
    } bad[] = {
        { "  limits: {max_inflight: 1}\n", "config.yaml:6:12: unknown key `max_inflight` in `limits`" },
        { "  limits: {max_in_flight: many}\n", "config.yaml:6:27: `max_in_flight` wants a whole number from 1 to 65536, found `many`" },
        { "  limits: {timeout: 120}\n", "config.yaml:6:21: `timeout` wants a duration such as 500ms, 30s or 2m, found `120`" },
        { "  limits: {attempts: 0}\n", "config.yaml:6:22: `attempts` wants a whole number from 1 to 100, found `0`" },
        { "  limits: {budget_usd: 5}\n", "config.yaml:6:12: `budget_usd` of endpoint `candidate` needs a price" },
        { "  limits: {requests_per_minute: -1}\n", "config.yaml:6:33: `requests_per_minute` wants a number from 0 to 1e+09, found `-1`" },
        { "  price: free\n", "config.yaml:6:10: `price` wants `router` or {input: USD, output: USD} per million tokens, found `free`" },
        { "  price: {input: 1}\n", "config.yaml:6:10: `price` needs the key `output`" },
        { "  price: {input: -1, output: 1}\n", "config.yaml:6:18: `input` wants a number from 0 to 1e+06, found `-1`" },
        { "  params: {temperature: 3}\n", "config.yaml:6:25: `temperature` wants a number from 0 to 2, found `3`" },
        { "  params: {temperature: warm}\n", "config.yaml:6:25: `temperature` wants a number from 0 to 2, found `warm`" },
        { "  params: {seed: -1}\n", "config.yaml:6:18: `seed` wants a whole number from 0 to 2147483647, found `-1`" },
        { "  params: {seed: 2147483648}\n", "config.yaml:6:18: `seed` wants a whole number from 0 to 2147483647, found `2147483648`" },
        { "  params: {stop: [a, b, c, d, e]}\n", "config.yaml:6:18: `stop` takes at most 4 texts" },
        { "  params: {top_logprobs: 6, logprobs: true}\n", "config.yaml:6:26: `top_logprobs` wants a whole number from 0 to 5, found `6`" },
        { "  params: {top_logprobs: 2}\n", "config.yaml:6:12: `top_logprobs` needs `logprobs: true`" },
        { "  params: {reasoning_effort: huge}\n", "config.yaml:6:30: unknown value `huge` for `reasoning_effort`" },
        { "  params: {image_detail: best}\n", "config.yaml:6:26: unknown value `best` for `image_detail`" },
        { "  params: {system_role: assistant}\n", "config.yaml:6:25: unknown value `assistant` for `system_role`" },
        { "  params: {response_format: json_object}\n", "config.yaml:6:29: `response_format` wants a map, found `json_object`" },
        { "  params: {response_format: {}}\n", "config.yaml:6:29: `response_format` needs the key `type`" },
        { "  params: {response_format: {type: regex}}\n", "config.yaml:6:36: unknown value `regex` for `type`" },
        { "  params: {response_format: {type: json_schema, json_schema: {name: x}}}\n",
          "config.yaml:6:12: `response_format` of type json_schema holds no `schema`" },
        { "  params: {response_format: {type: json_schema, schema: x}}\n",
          "config.yaml:6:12: `response_format` of type json_schema holds no `schema`" },
        { "  params: {extra: {logprobs: true}}\n", "config.yaml:6:20: `logprobs` belongs into `params` itself, not into `extra`" },
        { "  structured_output: vllm\n", "config.yaml:6:22: unknown value `vllm` for `structured_output`" },
        { "  params: {max_tokens: 0}\n", "config.yaml:6:24: `max_tokens` wants a whole number from 1 to 10000000, found `0`" },
        { "  params: {max_tokens_key: tokens}\n", "config.yaml:6:28: unknown value `tokens` for `max_tokens_key`" },
        { "  params: {extra: [1]}\n", "config.yaml:6:19: `extra` wants a map, found a list" },
        { "  params: {extra: {messages: []}}\n", "config.yaml:6:20: `messages` is written by the harness and may not stand in `extra`" },
        { "  params: {extra: {seed: 1}}\n", "config.yaml:6:20: `seed` belongs into `params` itself, not into `extra`" },
        { "  headers: [a]\n", "config.yaml:6:12: `headers` wants a map, found a list" },
        { "  headers: {content-type: x}\n",
          "config.yaml:6:13: the header `content-type` is written by the harness and may not stand in `headers`" },
        { "  headers: {'a b': x}\n", "config.yaml:6:13: `a b` is not a name that an HTTP header can have" },
        { "  headers: {A: \"x\\r\\nB: y\"}\n", "config.yaml:6:16: the value of header `A` may not hold control characters or line ends" },
        { "  headers: {A: x, a: y}\n", "config.yaml:6:19: the header `a` is here twice" },
        { "  tls: {verify: no}\n", "config.yaml:6:17: `verify` wants true or false, found `no`" },
        { "  http_version: 3\n", "config.yaml:6:17: unknown value `3` for `http_version`" },
        { "  revision: \"a\\nb\"\n", "config.yaml:6:13: `revision` may not hold control characters or line ends" },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_endpoint_refused(bad[i].lines, bad[i].message);
}

static void a_credential_in_a_header_is_refused_and_not_shown(void **state)
{
    (void)state;
    static const char *const name[] = { "Authorization", "authorization", "X-API-Key", "x-goog-api-key", "Cookie" };
    for (size_t i = 0; i < ARRAY_LEN(name); i++) {
        const char *message = refused(arena_printf(&scratch.arena, "%s  headers: {%s: Bearer s3cretvalue}\n", ENDPOINT, name[i]));
        assert_non_null(strstr(message, "holds a credential and may not stand in `headers`"));
        assert_non_null(strstr(message, "use `api_key: env:NAME`"));
        assert_null(strstr(message, "s3cret"));
    }
    const char *message = refused("endpoints: [{name: x, protocol: p, base_url: 'http://me:s3cretvalue@h/', model: m}]\n");
    assert_non_null(strstr(message, "may not hold a user name or password"));
    assert_null(strstr(message, "s3cret"));
    message = refused(ENDPOINT "  api_key: s3cretvalue\n  modle: x\n");
    assert_non_null(strstr(message, "did you mean `model`?"));
    assert_null(strstr(message, "s3cret"));
}

static void json_holds_no_secret(void **state)
{
    (void)state;
    assert_int_equal(setenv("GAUNTLET_TEST_KEY", "s3cretvalue", 1), 0);
    struct settings s = load("endpoints:\n- {name: a, protocol: p, base_url: 'https://h/v1?key=s3cretvalue', model: m,\n"
                             "   api_key: env:GAUNTLET_TEST_KEY, headers: {X-My-Token: s3cretvalue, X-Org: me}, price: router}\n");
    assert_string_equal(secret_bytes(s.endpoint[0].api_key), "s3cretvalue");

    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    settings_to_json(&s, &out);

    assert_null(strstr(out.buf, "s3cret"));
    CLEANUP(json_freep) cJSON *tree = json_parse(out.buf, out.len, NULL);
    const cJSON *endpoint = cJSON_GetArrayItem(json_array(tree, "endpoints"), 0);
    assert_string_equal(json_string(endpoint, "api_key"), "env:GAUNTLET_TEST_KEY");
    assert_string_equal(json_string(endpoint, "base_url"), "https://h/v1?****");
    assert_string_equal(json_string(endpoint, "price"), "router");
    assert_string_equal(json_string(json_object(endpoint, "headers"), "X-My-Token"), "****");
    assert_string_equal(json_string(json_object(endpoint, "headers"), "X-Org"), "me");
    settings_release(&s);
    assert_null(s.endpoint[0].api_key);
}

static void a_failed_load_releases_the_keys_it_read(void **state)
{
    (void)state; /* AddressSanitizer is the judge */
    assert_int_equal(setenv("GAUNTLET_TEST_KEY", "s3cretvalue", 1), 0);
    (void)refused(ENDPOINT "  api_key: env:GAUNTLET_TEST_KEY\n- {name: candidate, protocol: p, base_url: 'http://h', model: m,\n"
                           "   api_key: env:GAUNTLET_TEST_KEY}\n");
    (void)refused(ENDPOINT "  api_key: env:GAUNTLET_TEST_KEY\n- {name: other}\n");
}

static void a_file_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct settings s;
    struct error e = { 0 };
    assert_int_equal(settings_load(scratch_path(&scratch, "absent.yaml"), &scratch.arena, &s, &e), ERR_NOT_FOUND);
    assert_int_equal(settings_load(scratch.dir, &scratch.arena, &s, &e), ERR_IO);
}

static void the_file_is_sought_in_the_documented_order(void **state)
{
    (void)state;
    char before[4096];
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(unsetenv("GAUNTLET_CONFIG"), 0);
    assert_int_equal(setenv("XDG_CONFIG_HOME", scratch_path(&scratch, "xdg"), 1), 0);
    (void)scratch_text(&scratch, "work/.keep", "");
    assert_int_equal(chdir(scratch_path(&scratch, "work")), 0);

    const char *nothing = settings_find(NULL, &scratch.arena);
    const char *xdg = scratch_text(&scratch, "xdg/gauntlet/config.yaml", "version: 1\n");
    const char *found_xdg = settings_find(NULL, &scratch.arena);
    (void)scratch_text(&scratch, "work/config.yaml", "version: 1\n");
    const char *found_here = settings_find(NULL, &scratch.arena);
    int set = setenv("GAUNTLET_CONFIG", "named.yaml", 1);
    const char *found_named = settings_find(NULL, &scratch.arena);
    const char *found_flag = settings_find("flag.yaml", &scratch.arena);
    assert_int_equal(chdir(before), 0);

    assert_null(nothing);
    assert_string_equal(found_xdg, xdg);
    assert_string_equal(found_here, "config.yaml");
    assert_int_equal(set, 0);
    assert_string_equal(found_named, "named.yaml");
    assert_string_equal(found_flag, "flag.yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_configuration_gets_defaults),
        cmocka_unit_test(no_endpoints_are_no_error),
        cmocka_unit_test(categories_to_withhold_are_named_by_patterns),
        cmocka_unit_test(every_key_is_understood),
        cmocka_unit_test(the_example_shows_every_key_and_loads_without_its_token),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(mistakes_in_an_endpoint_are_named_with_their_place),
        cmocka_unit_test(a_credential_in_a_header_is_refused_and_not_shown),
        cmocka_unit_test(json_holds_no_secret),
        cmocka_unit_test(a_failed_load_releases_the_keys_it_read),
        cmocka_unit_test(a_file_that_is_not_there_is_not_found),
        cmocka_unit_test(the_file_is_sought_in_the_documented_order),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
