#include "base/log.h"

#include "base/fs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What the calls of `speak` wrote to stderr. */
static void heard(void (*speak)(void), struct strbuf *out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int kept = dup(STDERR_FILENO);
    (void)dup2(ends[1], STDERR_FILENO);
    speak();
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    (void)close(ends[1]);
    char *to = strbuf_reserve(out, 8192);
    for (ssize_t got; (got = read(ends[0], to, 8192)) > 0; to = strbuf_reserve(out, 8192))
        strbuf_commit(out, (size_t)got);
    (void)close(ends[0]);
}

static void one_line_of_each_level(void)
{
    log_line(LOG_ERROR, "a %d", 1);
    log_line(LOG_WARN, "b");
    log_line(LOG_INFO, "c");
    log_line(LOG_DEBUG, "d");
}

static void levels_decide_what_is_heard(void **state)
{
    (void)state;
    static const struct {
        enum log_level level;
        const char *text;
    } row[] = { { LOG_ERROR, "error: a 1\n" },
                { LOG_INFO, "error: a 1\nwarning: b\nc\n" },
                { LOG_DEBUG, "error: a 1\nwarning: b\nc\ndebug: d\n" } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        log_set_level(row[i].level);
        assert_int_equal(log_level(), row[i].level);
        heard(one_line_of_each_level, &text);
        assert_string_equal(text.buf, row[i].text);
    }
    log_set_level(LOG_INFO);
}

static void one_long_line(void)
{
    log_line(LOG_ERROR, "%06000d", 7);
}

static void a_long_line_is_cut_but_ends(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    heard(one_long_line, &text);
    assert_in_range(text.len, 4000, 4096);
    assert_int_equal(text.buf[text.len - 1], '\n');
    assert_ptr_equal(strchr(text.buf, '\n'), text.buf + text.len - 1);
}

static void a_foreign_name(void)
{
    log_line(LOG_INFO, "no '%s' here\n  try another", "\x1b]0;t\a\n::error::x\r##[y]");
}

static void a_foreign_name_gives_no_command(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    heard(a_foreign_name, &text);
    assert_string_equal(text.buf, "no '\n: :error::x\xE2\x90\x8D## [y]' here\n  try another\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_decide_what_is_heard),
        cmocka_unit_test(a_long_line_is_cut_but_ends),
        cmocka_unit_test(a_foreign_name_gives_no_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
