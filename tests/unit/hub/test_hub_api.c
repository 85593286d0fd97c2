/* The Hub's answers, right and wrong, and the words for its refusals. */
#include "hub_case.h"

#include "hub/hub_api.h"

#include <string.h>

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const struct hub_subject subject = { .endpoint = "https://hub", .repo = "org/set", .revision = "v1" };

static enum err info_of(const char *text, struct arena *a, struct hub_info *ret)
{
    return hub_api_info(text, strlen(text), a, ret, NULL);
}

static void the_facts_of_a_set_are_read(void **state)
{
    static const struct {
        const char *text, *licence, *gated;
        bool is_private;
    } table[] = {
        { "{\"id\":\"org/set\",\"sha\":\"" COMMIT "\",\"private\":true,\"gated\":\"manual\",\"cardData\":{\"license\":\"mit\"}}", "mit",
          "manual", true },
        { "{\"id\":\"org/set\",\"sha\":\"" COMMIT "\",\"gated\":\"auto\",\"cardData\":{\"license\":[\"cc-by-4.0\",\"mit\"]}}", "cc-by-4.0",
          "auto", false },
        { "{\"id\":\"org/set\",\"sha\":\"" COMMIT "\",\"gated\":false,\"tags\":[1,\"x\",\"license:apache-2.0\"]}", "apache-2.0", "no",
          false },
        { "{\"id\":\"org/set\",\"sha\":\"" COMMIT "\",\"gated\":true,\"cardData\":null}", NULL, "auto", false },
        { "{\"id\":\"org/set\",\"sha\":\"" COMMIT "\",\"cardData\":{\"license\":\"\\u001b[31mred\"}}", NULL, "no", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct hub_info info;
        assert_int_equal(info_of(table[i].text, &a, &info), OK);
        assert_string_equal(info.repo, "org/set");
        assert_string_equal(info.commit, COMMIT);
        assert_string_equal(info.licence ? info.licence : "none", table[i].licence ? table[i].licence : "none");
        assert_string_equal(info.gated, table[i].gated);
        assert_int_equal(info.is_private, table[i].is_private);
        arena_release(&a);
    }
}

static void an_answer_without_commit_or_name_is_none(void **state)
{
    static const char *const table[] = {
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        "{\"id\":\"org/set\"}",
        "{\"sha\":\"" COMMIT "\"}",
        "{\"id\":\"org/set\",\"sha\":\"main\"}",
        "{\"id\":\"../set\",\"sha\":\"" COMMIT "\"}",
        "{\"id\":5,\"sha\":\"" COMMIT "\"}",
        "{\"id\":\"org/set\",\"sha\":\"" COMMIT "0\"}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct hub_info info;
        if (info_of(table[i], &a, &info) == OK)
            fail_msg("accepted: %s", table[i]);
        arena_release(&a);
    }
}

static void a_page_of_the_tree_becomes_files(void **state)
{
    static const char text[] = "[{\"type\":\"directory\",\"oid\":\"x\",\"size\":0,\"path\":\"img\"},"
                               "{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":12,\"path\":\"README.md\"},"
                               "{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":130,\"lfs\":{\"oid\":\"" SHA256
                               "\",\"size\":5000000000,\"pointerSize\":134},\"xetHash\":\"x\",\"path\":\"img/1.png\"},"
                               "{\"type\":\"unknown\",\"path\":\"../x\"}]";
    struct arena a = ARENA_INIT;
    struct hub_listing l = { 0 };
    (void)state;

    assert_int_equal(hub_api_tree(text, strlen(text), &a, &l, NULL), OK);

    assert_int_equal(l.count, 2);
    assert_string_equal(l.file[0].path, "README.md");
    assert_int_equal(l.file[0].size, 12);
    assert_string_equal(l.file[0].git_oid, COMMIT);
    assert_string_equal(l.file[0].sha256, "");
    assert_int_equal(l.file[1].size, 5000000000);
    assert_string_equal(l.file[1].sha256, SHA256);
    assert_string_equal(l.file[1].git_oid, "");
    hub_listing_release(&l);
    arena_release(&a);
}

static void a_page_that_lies_is_refused(void **state)
{
    static const char *const table[] = {
        "{}",
        "not json",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1,\"path\":\"../x\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1,\"path\":\"/x\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1,\"path\":\"a\\u0000b\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1,\"path\":\"dataset.lock\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":-1,\"path\":\"x\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":\"1\",\"path\":\"x\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1.5,\"path\":\"x\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1e300,\"path\":\"x\"}]",
        "[{\"type\":\"file\",\"oid\":\"short\",\"size\":1,\"path\":\"x\"}]",
        "[{\"type\":\"file\",\"size\":1,\"path\":\"x\"}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1,\"path\":\"x\",\"lfs\":{\"oid\":\"" COMMIT "\",\"size\":1}}]",
        "[{\"type\":\"file\",\"oid\":\"" COMMIT "\",\"size\":1,\"path\":\"x\",\"lfs\":{\"oid\":\"" SHA256 "\"}}]",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct hub_listing l = { 0 };
        if (hub_api_tree(table[i], strlen(table[i]), &a, &l, NULL) == OK)
            fail_msg("accepted: %s", table[i]);
        hub_listing_release(&l);
        arena_release(&a);
    }
}

static void refusals_are_told_apart(void **state)
{
    static const struct {
        int status;
        const char *headers;
        bool with_token;
        enum hub_trouble trouble;
        enum err code;
        const char *words;
    } table[] = {
        { 401, "x-error-code: GatedRepo\n", false, HUB_TROUBLE_GATED, ERR_AUTH, "then set HF_TOKEN" },
        { 403, "x-error-code: GatedRepo\n", true, HUB_TROUBLE_GATED, ERR_AUTH, "https://hub/datasets/org/set" },
        { 401, "", false, HUB_TROUBLE_HIDDEN, ERR_AUTH, "missing, private or gated" },
        { 401, "x-error-code: RepoNotFound\n", false, HUB_TROUBLE_HIDDEN, ERR_AUTH, "missing, private or gated" },
        { 404, "x-error-code: RepoNotFound\n", true, HUB_TROUBLE_NO_REPO, ERR_NOT_FOUND, "no data set org/set" },
        { 401, "x-error-message: Invalid credentials in Authorization header\n", true, HUB_TROUBLE_TOKEN, ERR_AUTH,
          "does not accept the token" },
        { 401, "", true, HUB_TROUBLE_TOKEN, ERR_AUTH, "mistyped, expired or revoked" },
        { 404, "x-error-code: RevisionNotFound\n", false, HUB_TROUBLE_NO_REVISION, ERR_NOT_FOUND, "no revision 'v1'" },
        { 404, "x-error-code: EntryNotFound\n", false, HUB_TROUBLE_NO_FILE, ERR_NOT_FOUND, "lists the file" },
        { 403, "", true, HUB_TROUBLE_FORBIDDEN, ERR_AUTH, "may the token read it" },
        { 403, "x-error-message: Access to this resource is disabled.\n", false, HUB_TROUBLE_DISABLED, ERR_NOT_FOUND,
          "has disabled org/set" },
        { 429, "", false, HUB_TROUBLE_RATE, ERR_NET, "limits the rate" },
        { 503, "", false, HUB_TROUBLE_SERVER, ERR_NET, "trouble of its own" },
        { 500, "x-error-code: GatedRepo\n", false, HUB_TROUBLE_SERVER, ERR_NET, "trouble of its own" },
        { 418, "", false, HUB_TROUBLE_OTHER, ERR_NET, "status 418" },
        { 200, "", false, HUB_TROUBLE_NONE, ERR_NET, "status 200" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct http_reply r = hub_case_reply(table[i].status, table[i].headers, "");
        struct hub_subject s = subject;
        struct error e = { 0 };
        s.token_source = table[i].with_token ? "HF_TOKEN" : NULL;

        assert_int_equal(hub_trouble_of(&r, table[i].with_token), table[i].trouble);
        assert_int_equal(hub_trouble_say(table[i].trouble, &r, &s, &e), table[i].code);

        if (!strstr(e.msg, table[i].words))
            fail_msg("%d: '%s' is not in: %s", table[i].status, table[i].words, e.msg);
        http_reply_release(&r);
    }
}

static void a_servers_words_are_made_safe(void **state)
{
    struct http_reply header = hub_case_reply(500, "x-error-message: \x1b[31mbad\x07 news\n", "");
    struct http_reply body = hub_case_reply(500, "", "{\"error\":\"line\\nbreak \\u001b]0;x\\u0007\"}");
    CLEANUP(strbuf_release) struct strbuf words = STRBUF_INIT;
    (void)state;

    hub_api_words(&header, &words);
    assert_string_equal(words.buf, "bad news");
    strbuf_clear(&words);
    hub_api_words(&body, &words);
    assert_null(strpbrk(words.buf, "\n\x1b\x07"));
    assert_non_null(strstr(words.buf, "line break"));
    http_reply_release(&header);
    http_reply_release(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_facts_of_a_set_are_read),      cmocka_unit_test(an_answer_without_commit_or_name_is_none),
        cmocka_unit_test(a_page_of_the_tree_becomes_files), cmocka_unit_test(a_page_that_lies_is_refused),
        cmocka_unit_test(refusals_are_told_apart),          cmocka_unit_test(a_servers_words_are_made_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
