#include "config/endpoint_route.h"

#include "scratch_group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define ROUTER "https://router.huggingface.co"

/* One endpoint with that address, model and further lines. */
static enum err parse(const char *base_url, const char *model, const char *lines, struct settings *s, struct error *e)
{
    const char *text = arena_printf(&scratch.arena,
                                    "endpoints:\n"
                                    "- name: candidate\n"
                                    "  protocol: openai-chat\n"
                                    "  base_url: %s\n"
                                    "  model: %s\n"
                                    "%s",
                                    base_url, model, lines);
    return settings_parse("c.yaml", text, strlen(text), &scratch.arena, s, e);
}

static void an_address_and_a_suffix_name_the_provider(void **state)
{
    (void)state;
    static const struct {
        const char *url, *model, *lines;
        enum endpoint_route route;
        const char *provider, *expected; /* NULL = none */
    } table[] = {
        { ROUTER "/v1", "org/m", "  provider: novita\n", ROUTE_ROUTER, "novita", "novita" },
        { ROUTER "/v1/", "org/m", "  provider: ':novita'\n", ROUTE_ROUTER, "novita", "novita" },
        { ROUTER, "org/m", "  provider: :novita\n", ROUTE_ROUTER, "novita", "novita" },
        { ROUTER "/v1/chat/completions?x=1", "org/m:groq", "", ROUTE_ROUTER, "groq", "groq" },
        { ROUTER "/v1", "org/m:groq", "  provider: GROQ\n", ROUTE_ROUTER, "groq", "groq" },
        { "https://ROUTER.huggingface.co.:443/v1", "org/m:groq", "", ROUTE_ROUTER, "groq", "groq" },
        { ROUTER "/v1", "org/m", "  allow_any_provider: true\n", ROUTE_ROUTER, NULL, NULL },
        { ROUTER "/v1", "org/m", "  provider: :cheapest\n  allow_any_provider: true\n", ROUTE_ROUTER, "cheapest", NULL },
        { ROUTER "/v1", "org/m:fastest", "  allow_any_provider: true\n", ROUTE_ROUTER, "fastest", NULL },
        { ROUTER "/v1", "org/m", "  provider: auto\n  allow_any_provider: true\n", ROUTE_ROUTER, "auto", NULL },
        { ROUTER "/v1", "org/m", "  provider: novita\n  allow_any_provider: true\n", ROUTE_ROUTER, "novita", NULL },

        { ROUTER "/together/v1", "org/m-Turbo", "", ROUTE_PROVIDER, "together", "together" },
        { ROUTER "/together/v1", "org/m:8b", "  provider: Together\n", ROUTE_PROVIDER, "together", "together" },
        { ROUTER "/hf-inference/models/org/m", "org/m", "", ROUTE_PROVIDER, "hf-inference", "hf-inference" },
        { ROUTER "//groq/openai/v1", "m", "", ROUTE_PROVIDER, "groq", "groq" },

        { "http://127.0.0.1:8000/v1", "qwen3-vl:8b", "", ROUTE_DIRECT, NULL, NULL },
        { "http://127.0.0.1:8000/v1", "org/m", "  provider: novita\n", ROUTE_ROUTER, "novita", "novita" },
        { "http://localhost/v1", "org/m", "  provider: novita\n", ROUTE_ROUTER, "novita", "novita" },
        { "http://[::1]:8000/v1", "org/m", "  allow_any_provider: true\n", ROUTE_ROUTER, NULL, NULL },
        { "https://api.together.xyz/v1", "user/repo:Q4_K_M", "", ROUTE_DIRECT, NULL, NULL },
        { "https://router.huggingface.co.example.org/v1", "org/m:x", "", ROUTE_DIRECT, NULL, NULL },
        { "https://host/v1?to=router.huggingface.co/v1", "org/m", "", ROUTE_DIRECT, NULL, NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct settings s;
        struct error e = { 0 };
        if (parse(table[i].url, table[i].model, table[i].lines, &s, &e) != OK)
            fail_msg("row %zu: %s", i, e.msg);
        const struct endpoint_config *c = &s.endpoint[0];
        const char *expected = endpoint_expected_provider(c);
        if (c->route != table[i].route || strcmp(c->provider ? c->provider : "-", table[i].provider ? table[i].provider : "-") != 0 ||
            strcmp(expected ? expected : "-", table[i].expected ? table[i].expected : "-") != 0)
            fail_msg("row %zu: route %d, provider %s, expected %s", i, (int)c->route, c->provider ? c->provider : "-",
                     expected ? expected : "-");
        const char *colon = c->route == ROUTE_ROUTER ? strchr(table[i].model, ':') : NULL; /* it is not part of the name there */
        assert_string_equal(c->model,
                            colon ? arena_strndup(&scratch.arena, table[i].model, (size_t)(colon - table[i].model)) : table[i].model);
        settings_release(&s);
    }
}

static void a_route_that_is_not_repeatable_is_refused_with_a_hint(void **state)
{
    (void)state;
    static const char any[] = "allow_any_provider: true", out[] = "leave it out";
    static const struct {
        const char *url, *model, *lines, *message, *hint;
    } table[] = {
        { ROUTER "/v1", "org/m", "",
          "c.yaml:5:10: endpoint `candidate` names no provider: the router may send every request to another one", any },
        { ROUTER "/v1", "org/m", "  provider: :fastest\n",
          "c.yaml:6:13: `fastest` lets the router choose: every request of endpoint `candidate` may go to another provider", any },
        { ROUTER "/v1", "org/m", "  provider: cheapest\n", "c.yaml:6:13: `cheapest` lets the router choose", any },
        { ROUTER "/v1", "org/m", "  provider: ':Preferred'\n", "c.yaml:6:13: `Preferred` lets the router choose", any },
        { ROUTER "/v1", "org/m", "  provider: auto\n  allow_any_provider: false\n", "c.yaml:6:13: `auto` lets the router choose", any },
        { ROUTER "/v1", "org/m:cheapest", "", "c.yaml:5:10: `cheapest` lets the router choose", any },
        { "http://127.0.0.1/v1", "org/m", "  provider: fastest\n", "c.yaml:6:13: `fastest` lets the router choose", any },
        { ROUTER "/v1", "org/m:groq", "  provider: novita\n", "c.yaml:6:13: `provider` is `novita`, but the end of `model` names `groq`",
          "" },
        { ROUTER "/groq/openai/v1", "org/m", "  provider: novita\n", "c.yaml:6:13: `provider` is `novita`, but `base_url` names `groq`",
          "" },
        { ROUTER "/v1", "org/m", "  provider: a b\n", "c.yaml:6:13: `provider` wants one name such as novita, found `a b`", "" },
        { ROUTER "/v1", "org/m", "  provider: ':'\n", "c.yaml:6:13: `provider` wants one name such as novita, found ``", "" },
        { ROUTER "/v1", "org/m", "  allow_any_provider: maybe\n", "c.yaml:6:23: `allow_any_provider` wants true or false", "" },
        { "https://api.together.xyz/v1", "org/m", "  provider: together\n",
          "c.yaml:6:3: `provider` is for the Hugging Face router, and endpoint `candidate` does not go there", out },
        { "https://127.example.org/v1", "org/m", "  allow_any_provider: true\n",
          "c.yaml:6:3: `allow_any_provider` is for the Hugging Face router, and endpoint `candidate` does not go there", out },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct settings s;
        struct error e = { 0 };
        if (parse(table[i].url, table[i].model, table[i].lines, &s, &e) != ERR_INVALID)
            fail_msg("row %zu is not refused", i);
        if (strncmp(e.msg, table[i].message, strlen(table[i].message)) != 0 || !strstr(e.msg, table[i].hint))
            fail_msg("row %zu: %s", i, e.msg);
    }
}

static void who_pays_is_told_to_the_router_only(void **state)
{
    (void)state;
    static const struct {
        const char *url, *lines;
        bool refused;
    } table[] = {
        { ROUTER "/v1", "  provider: novita\n  headers: {X-HF-Bill-To: my-org}\n", false },
        { ROUTER "/groq/openai/v1", "  headers: {x-hf-bill-to: my-org}\n", false },
        { "http://127.0.0.1:8000/v1", "  headers: {X-HF-Bill-To: my-org}\n", false },
        { "https://api.groq.com/openai/v1", "  headers: {X-HF-Bill-To: my-org}\n", true },
        { "https://x.endpoints.huggingface.cloud/v1", "  headers: {X-Other: a, x-hf-bill-to: my-org}\n", true },
        { "https://router.huggingface.co.example.org/v1", "  headers: {X-HF-Bill-To: my-org}\n", true },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct settings s;
        struct error e = { 0 };
        enum err code = parse(table[i].url, "org/m", table[i].lines, &s, &e);
        if (code != (table[i].refused ? ERR_INVALID : OK))
            fail_msg("row %zu: %s", i, e.msg);
        if (code == OK)
            settings_release(&s);
        else
            assert_non_null(strstr(e.msg, "`X-HF-Bill-To` says who pays at Hugging Face"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_and_a_suffix_name_the_provider),
        cmocka_unit_test(a_route_that_is_not_repeatable_is_refused_with_a_hint),
        cmocka_unit_test(who_pays_is_told_to_the_router_only),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
