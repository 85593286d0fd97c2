#include "cli/scorer_spec.h"

enum err scorer_spec_suite(const struct options *o, struct arena *a, struct suite *ret_suite, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)strbuf_addstr(&text, "version: 1\nname: scorers\ndataset: .\nscorers:\n");
    const struct option_values *given = &o->option[OPT_SCORER];
    for (size_t i = 0; i < given->count; i++)
        (void)strbuf_addf(&text, "  - %s\n", given->value[i]);
    enum err rc = suite_parse("--scorer", text.buf, text.len, a, ret_suite, e);
    return rc == OK ? OK : error_suffix(e, "\n  a scorer is written as in a suite: --scorer 'refusal: {preset: jbb-13}'");
}
