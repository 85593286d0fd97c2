/* What may be asked for, and the addresses it becomes. */
#include "hub_case.h"

#include "hub/hub_url.h"

#include <string.h>

static void a_repository_is_named_in_every_usual_form(void **state)
{
    static const struct {
        const char *text, *repo, *revision, *name;
    } table[] = {
        { "hf:org/set", "org/set", NULL, "set" },
        { "hf:org/set@main", "org/set", "main", "set" },
        { "hf:org/set@refs/convert/parquet", "org/set", "refs/convert/parquet", "set" },
        { "hf:org/set@v1.0", "org/set", "v1.0", "set" },
        { "hf:set", "set", NULL, "set" },
        { "hf://datasets/org/set@v1", "org/set", "v1", "set" },
        { "hf:datasets/org/set", "org/set", NULL, "set" },
        { "hf:it4lia/PHANTOM", "it4lia/PHANTOM", NULL, "PHANTOM" },
        { "hf:a.b/c_d-e", "a.b/c_d-e", NULL, "c_d-e" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct hub_spec spec;
        struct error e;

        if (hub_spec_parse(table[i].text, &a, &spec, &e) != OK)
            fail_msg("%s: %s", table[i].text, e.msg);

        assert_string_equal(spec.repo, table[i].repo);
        assert_string_equal(spec.name, table[i].name);
        assert_null(spec.url);
        if (table[i].revision)
            assert_string_equal(spec.revision, table[i].revision);
        else
            assert_null(spec.revision);
        arena_release(&a);
    }
}

static void what_names_nothing_is_refused(void **state)
{
    static const char *const table[] = {
        "",
        "org/set",
        "hf:",
        "hf:/set",
        "hf:org/",
        "hf:a/b/c",
        "hf:../set",
        "hf:org/..",
        "hf:org/.set",
        "hf:org/set.git",
        "hf:org/a--b",
        "hf:org/set@",
        "hf:org/set@a..b",
        "hf:org/set@a b",
        "hf:o rg/se",
        "hf:org/set@/x",
        "hf:org/s\x1b[1m",
        "ftp://h/f",
        "file:///etc/passwd",
        "http://192.0.2.1/f",
        "https://",
        "https://user:pw@h/f",
        "https://h/f#part",
        "https://h/a b",
        "hf:org/set@x\ny",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct hub_spec spec;
        struct error e = { 0 };

        if (hub_spec_parse(table[i], &a, &spec, &e) == OK)
            fail_msg("'%s' was accepted", table[i]);

        assert_null(strpbrk(e.msg, "\x1b\r"));
        arena_release(&a);
    }
}

static void a_file_gets_a_name_that_can_be_one(void **state)
{
    static const struct {
        const char *url, *name;
    } table[] = {
        { "https://h.example/a/set.csv", "set.csv" },
        { "https://h.example/a/set.csv?token=x/y", "set.csv" },
        { "https://h.example", "download" },
        { "https://h.example/a/", "download" },
        { "http://127.0.0.1:8000/x.tar.gz", "x.tar.gz" },
        { "http://[::1]:8000/x", "x" },
        { "https://h.example/..", "_." },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table) - 1; i++) {
        struct arena a = ARENA_INIT;
        struct hub_spec spec;
        assert_int_equal(hub_spec_parse(table[i].url, &a, &spec, NULL), OK);
        assert_null(spec.repo);
        assert_string_equal(spec.name, table[i].name);
        arena_release(&a);
    }
}

static void revisions_and_paths_are_encoded(void **state)
{
    CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
    (void)state;

    hub_url_info("https://hub", "org/set", "refs/pr/1", &url);
    assert_string_equal(url.buf, "https://hub/api/datasets/org/set/revision/refs%2Fpr%2F1"
                                 "?expand=sha&expand=private&expand=gated&expand=cardData&expand=tags");

    strbuf_clear(&url);
    hub_url_file("https://hub", "org/set", "abc", "a b/100%#1?\xc3\xa4.png", &url);
    assert_string_equal(url.buf, "https://hub/datasets/org/set/resolve/abc/a%20b/100%25%231%3F%C3%A4.png");
}

static void only_the_query_of_the_next_page_counts(void **state)
{
    static const struct {
        const char *link, *query; /* NULL = none */
    } table[] = {
        { "<https://hub/api/datasets/o/s/tree/main?recursive=true&cursor=abc>; rel=\"next\"", "recursive=true&cursor=abc" },
        { "<https://evil/x?cursor=1>; rel=next", "cursor=1" },
        { "<https://hub/x?a=1>; rel=\"prev\", <https://hub/x?a=3>; rel=\"next\"", "a=3" },
        { "<https://hub/x?a=1,2>; title=\"a, b\"; rel=\"next\"", "a=1,2" },
        { "<https://hub/x?a=1>; REL = \"next\"", "a=1" },
        { "<https://hub/x>; rel=\"next\"", NULL },
        { "<https://hub/x?a=1>; rel=\"nextish\"", NULL },
        { "<https://hub/x?a=1>", NULL },
        { "<https://hub/x?a=1", NULL },
        { "<https://hub/x?a b>; rel=\"next\"", NULL },
        { "nonsense", NULL },
        { "", NULL },
        { ",,,", NULL },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf query = STRBUF_INIT;
        bool next = hub_link_next(table[i].link, &query);
        if (next != (table[i].query != NULL))
            fail_msg("%s: %s", table[i].link, query.buf);
        assert_string_equal(query.buf, next ? table[i].query : "");
    }
}

static void an_endpoint_is_https_or_on_this_machine(void **state)
{
    static const char *const good[] = { "https://huggingface.co", "https://mirror.example/hf", "http://127.0.0.1:8000",
                                        "http://localhost:1", "http://[::1]:9" };
    static const char *const bad[] = { "http://huggingface.co", "http://127.0.0.1.example", "ftp://h", "huggingface.co", "https://u@h",
                                       "https://h?x",           "http://192.168.0.1",       "" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        if (hub_endpoint_check(good[i], NULL) != OK)
            fail_msg("%s was refused", good[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (hub_endpoint_check(bad[i], NULL) == OK)
            fail_msg("%s was accepted", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repository_is_named_in_every_usual_form), cmocka_unit_test(what_names_nothing_is_refused),
        cmocka_unit_test(a_file_gets_a_name_that_can_be_one),        cmocka_unit_test(revisions_and_paths_are_encoded),
        cmocka_unit_test(only_the_query_of_the_next_page_counts),    cmocka_unit_test(an_endpoint_is_https_or_on_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
