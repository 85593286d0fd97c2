#include "config/env.h"

#include "core/limits.h"
#include "scratch_group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Reads `api_key: VALUE` as it stands in conf/config.yaml of the scratch folder. */
static enum err read_key(const char *value, struct env_key *ret_key, struct error *e)
{
    const struct yaml_doc *doc = NULL;
    const char *path = scratch_text(&scratch, "conf/config.yaml", arena_printf(&scratch.arena, "api_key: %s\n", value));
    assert_int_equal(yaml_load_file(path, YAML_LIMITS, &scratch.arena, &doc, e), OK);
    return env_read_key(yaml_find(doc->root, "api_key"), &scratch.arena, ret_key, e);
}

static void assert_key(const char *value, const char *secret)
{
    struct env_key key = { 0 };
    struct error e = { 0 };
    assert_int_equal(read_key(value, &key, &e), OK);
    assert_null(key.problem);
    assert_string_equal(secret_bytes(key.secret), secret);
    assert_string_equal(key.source, value);
    secret_free(key.secret);
}

static void assert_problem(const char *value, const char *problem)
{
    struct env_key key = { 0 };
    struct error e = { 0 };
    assert_int_equal(read_key(value, &key, &e), OK);
    assert_null(key.secret);
    assert_non_null(strstr(key.problem, "conf/config.yaml:1:10: the key cannot be read: "));
    assert_non_null(strstr(key.problem, problem));
}

static void a_variable_gives_its_value(void **state)
{
    (void)state;
    assert_int_equal(setenv("GAUNTLET_TEST_KEY", " abc123\n", 1), 0);
    assert_key("env:GAUNTLET_TEST_KEY", "abc123");
}

static void a_variable_that_is_missing_or_unusable_is_a_problem(void **state)
{
    (void)state;
    assert_int_equal(unsetenv("GAUNTLET_TEST_KEY"), 0);
    assert_problem("env:GAUNTLET_TEST_KEY", "environment variable GAUNTLET_TEST_KEY: it is not set\n"
                                            "    1 | api_key: env:GAUNTLET_TEST_KEY\n"
                                            "      |          ^^^^^^^^^^^^^^^^^^^^^ export it before the run");
    assert_int_equal(setenv("GAUNTLET_TEST_KEY", "  ", 1), 0);
    assert_problem("env:GAUNTLET_TEST_KEY", "it is empty");
    assert_int_equal(setenv("GAUNTLET_TEST_KEY", "two\nlines", 1), 0);
    assert_problem("env:GAUNTLET_TEST_KEY", "it holds characters that a key cannot have");
}

static void a_file_is_sought_beside_the_configuration(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "conf/key.txt", "filekey\r\n");
    assert_key("file:key.txt", "filekey");
    assert_key(arena_printf(&scratch.arena, "file:%s", scratch_path(&scratch, "conf/key.txt")), "filekey");

    assert_int_equal(setenv("HOME", scratch_path(&scratch, "conf"), 1), 0);
    assert_key("file:~/key.txt", "filekey");
}

static void a_file_that_cannot_be_read_is_a_problem(void **state)
{
    (void)state;
    assert_problem("file:absent.txt", "absent.txt: cannot open: No such file or directory");
    (void)scratch_text(&scratch, "conf/empty.txt", "\n");
    assert_problem("file:empty.txt", "empty.txt: it is empty");
    char *large = arena_alloc(&scratch.arena, MAX_SECRET_BYTES + 1);
    memset(large, 'x', MAX_SECRET_BYTES + 1);
    (void)scratch_file(&scratch, "conf/large.txt", large, MAX_SECRET_BYTES + 1);
    assert_problem("file:large.txt", "larger than the allowed 16384 bytes");
}

static void a_key_written_out_is_refused_and_not_shown(void **state)
{
    (void)state;
    static const struct {
        const char *value, *message;
    } bad[] = {
        { "hf_s3cretvalue", ":1:10: `api_key` holds a key itself\n  a key is never written here: use `env:NAME`" },
        { "\"\"", ":1:10: `api_key` is empty" },
        { "env:s3cret-value", "does not name a variable after `env:`" },
        { "'env:'", "does not name a variable after `env:`" },
        { "'file:'", "does not name a file after `file:`" },
        { "[s3cretvalue]", "wants `env:NAME` or `file:PATH`" },
        { "ENV:s3cretvalue", "holds a key itself" },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct env_key key = { 0 };
        struct error e = { 0 };
        assert_int_equal(read_key(bad[i].value, &key, &e), ERR_INVALID);
        assert_non_null(strstr(e.msg, bad[i].message));
        assert_null(strstr(e.msg, "s3cret"));
        assert_null(key.secret);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variable_gives_its_value),
        cmocka_unit_test(a_variable_that_is_missing_or_unusable_is_a_problem),
        cmocka_unit_test(a_file_is_sought_beside_the_configuration),
        cmocka_unit_test(a_file_that_cannot_be_read_is_a_problem),
        cmocka_unit_test(a_key_written_out_is_refused_and_not_shown),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
