/* The command line as it is kept: whole, quoted, and without anything private. */
#include "cli/command_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { MAX_WORDS = 6 };

static const struct {
    const char *word[MAX_WORDS + 1];
    const char *kept;
} line[] = {
    { { "run", "nightly", "-e", "candidate", "--limit=20" }, "gauntlet run nightly -e candidate --limit=20" },
    { { "run", "a b.yaml", "", "it's" }, "gauntlet run 'a b.yaml' '' 'it'\\''s'" },
    { { "run", "s", "-c", "/home/eve/c.yaml", "--db=/home/eve" }, "gauntlet run s -c ~/c.yaml --db=~" },
    { { "run", "/home/evelyn/s.yaml" }, "gauntlet run /home/evelyn/s.yaml" },
    { { "run", "https://u:p@h.example/v1?key=z" }, "gauntlet run 'https://****@h.example/v1?****'" },
    { { "run", "--name", "Authorization: Bearer abc" }, "gauntlet run --name 'Authorization: Bearer ****'" },
    { { "run", "--name=Bearer abc1" }, "gauntlet run '--name=Bearer ****'" },
    { { "run", "--api-key=abc" }, "gauntlet run '--api-key=****'" },
    { { "run", "HF_TOKEN=abc", "hf_abcdefgh" }, "gauntlet run 'HF_TOKEN=****' 'hf_****'" },
    { { "run", "--select", "category=tokens per minute" }, "gauntlet run --select 'category=tokens per minute'" },
    { { "run", "--name", "a key-is-0123456789 b" }, "gauntlet run --name 'a **** b'" },
    { { "run", "--name", "header-value" }, "gauntlet run --name '****'" },
};

static void what_is_kept_is_the_command_without_anything_private(void **state)
{
    (void)state;
    struct http_header header[] = { { "X-Team-Token", "header-value" }, { "X-Team", "nightly" } };
    struct endpoint_config endpoint = { .name = "a", .header = header, .header_count = 2 };
    endpoint.api_key = secret_new("key-is-0123456789", strlen("key-is-0123456789"));
    struct settings settings = { .endpoint = &endpoint, .endpoint_count = 1 };
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        int argc = 0;
        while (line[i].word[argc])
            argc++;

        command_line_redacted(argc, (char *const *)line[i].word, "/home/eve", &settings, &out);

        assert_string_equal(out.buf, line[i].kept);
    }
    secret_free(endpoint.api_key);
}

static void without_a_home_no_folder_is_shortened(void **state)
{
    (void)state;
    static const char *const home[] = { NULL, "", "/" };
    char *const argv[] = { (char *)"run", (char *)"/srv/s.yaml" };
    struct settings none = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(home); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        command_line_redacted(2, argv, home[i], &none, &out);
        assert_string_equal(out.buf, "gauntlet run /srv/s.yaml");
    }
}

static void a_word_stays_one_word_in_a_shell(void **state)
{
    (void)state;
    static const char *const word[][2] = {
        { "results/a.db", "results/a.db" },
        { "my runs/a.db", "'my runs/a.db'" },
        { "it's", "'it'\\''s'" },
        { "$(date)", "'$(date)'" },
        { "", "''" },
        { "a;b", "'a;b'" },
    };
    for (size_t i = 0; i < ARRAY_LEN(word); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        command_line_quote(word[i][0], &out);
        assert_string_equal(out.buf, word[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_the_command_without_anything_private),
        cmocka_unit_test(without_a_home_no_folder_is_shortened),
        cmocka_unit_test(a_word_stays_one_word_in_a_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
