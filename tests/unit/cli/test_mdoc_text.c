#include "cli/mdoc_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void plain_text_becomes_mdoc(void **state)
{
    (void)state;
    static const struct {
        const char *text, *mdoc;
    } row[] = {
        { "one line", "one line\n" },
        { "one\n\ntwo\n", "one\n.Pp\ntwo\n" },
        { "a sentence. Another (one.) Last", "a sentence.\nAnother (one.)\nLast\n" },
        { ".Sh no request", "\\&.Sh no request\n" },
        { "'quoted'", "\\&'quoted'\n" },
        { "back\\slash", "back\\eslash\n" },
        { "only --dry-run; (-e: this) state-of-the-art", "only \\fB\\-\\-dry\\-run\\fR; (\\fB\\-e\\fR: this) state-of-the-art\n" },
        { "`gauntlet ls. Runs -q`", "\\fBgauntlet ls. Runs \\-q\\fR\n" },
        { "RUN…", "RUN...\n" },
        { "see:\n\n  $ gauntlet run -q\n  .second\n\nafter",
          "see:\n.Bd -literal -offset indent\n\\&$ gauntlet run \\-q\n\\&.second\n.Ed\n.Pp\nafter\n" },
    };
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        mdoc_text(row[i].text, &out);
        assert_string_equal(out.buf, row[i].mdoc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(plain_text_becomes_mdoc) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
