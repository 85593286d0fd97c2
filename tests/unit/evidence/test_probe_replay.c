/* A kept probe is read again: the bodies in it must tell what was told that day. */
#include "base/fs.h"
#include "evidence/facts.h"
#include "provider/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static cJSON *load(void)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct error e;
    assert_int_equal(fs_read_file("tests/unit/evidence/fixtures/probe.json", 1 << 20, &text, &e), OK);
    cJSON *probe = json_parse(text.buf, text.len, &e);
    assert_non_null(probe);
    return probe;
}

static enum evidence_kind kind_of(const char *name)
{
    for (enum evidence_kind kind = 0; kind < EVIDENCE_KIND_COUNT; kind++) {
        if (strcmp(evidence_kind_name(kind), name) == 0)
            return kind;
    }
    fail_msg("no question is called %s", name);
    return EVIDENCE_KIND_COUNT;
}

static void the_catalogues_answers_give_the_same_facts_and_level_again(void **state)
{
    (void)state;
    CLEANUP(json_freep) cJSON *probe = load();
    CLEANUP(json_freep) cJSON *facts = cJSON_CreateObject();
    const char *observed;
    const cJSON *asked;
    cJSON_ArrayForEach(asked, json_array(probe, "asked"))
    {
        const char *body = json_string(asked, "body");
        if (!json_string(asked, "problem"))
            assert_true(facts_add(kind_of(json_string(asked, "kind")), body, strlen(body), json_string(probe, "model"),
                                  json_string(probe, "provider"), facts));
    }
    assert_true(cJSON_Compare(facts, json_object(probe, "facts"), true));
    assert_string_equal(evidence_name(facts_level(facts, true, NULL, &observed)), json_string(probe, "evidence"));
    assert_string_equal(observed, json_string(probe, "observed"));
}

/* As the client hands it over: header lines, then the body. */
static void fill_reply(const cJSON *chat, struct http_reply *reply)
{
    const cJSON *header;
    double status;
    assert_true(json_number(chat, "status", &status));
    reply->status = (int)status;
    cJSON_ArrayForEach(header, json_array(chat, "headers"))(void)
        strbuf_addf(&reply->headers, "%s: %s\n", json_string(header, "name"), json_string(header, "value"));
    (void)strbuf_addstr(&reply->body, json_string(chat, "body"));
}

static void the_models_answers_are_read_as_they_were(void **state)
{
    (void)state;
    CLEANUP(json_freep) cJSON *probe = load();
    const struct provider_ops *provider = provider_find(json_string(probe, "protocol"));
    const struct provider_target target = { .base_url = "http://127.0.0.1:1/v1", .model = json_string(probe, "model") };
    const cJSON *further = json_array(probe, "further");
    assert_int_equal(cJSON_GetArraySize(further), 3);
    for (int i = -1; i < 3; i++) {
        const cJSON *chat = i < 0 ? json_object(probe, "chat") : cJSON_GetArrayItem(further, i);
        CLEANUP(http_reply_release) struct http_reply reply = HTTP_REPLY_INIT;
        struct arena a = ARENA_INIT;
        struct reply_facts facts;
        fill_reply(chat, &reply);
        provider->read(&target, &reply, 0, &a, &facts);
        assert_true(reply_is_data(&facts));
        assert_string_equal(facts.answer.model_echo, json_string(chat, "model"));
        assert_string_equal(facts.answer.fingerprint, json_string(chat, "fingerprint"));
        assert_null(json_get(chat, "prompt_tokens"));
        assert_true(facts.answer.usage.prompt_tokens < 0);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_catalogues_answers_give_the_same_facts_and_level_again),
        cmocka_unit_test(the_models_answers_are_read_as_they_were),
    };
    return cmocka_run_group_tests_name("probe_replay", tests, NULL, NULL);
}
