/* Wishes for new limits, as people type them and as they lie in a store of anyone's: what is taken is within bounds. */
#include "engine/tuning.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const struct tuning *t)
{
    struct arena a = ARENA_INIT;
    CLEANUP(strbuf_release) struct strbuf json = STRBUF_INIT;
    struct tuning again;
    assert(isfinite(t->value) && t->key <= TUNE_BUDGET_USD);
    assert(t->endpoint || t->key == TUNE_MAX_IN_FLIGHT);
    tuning_write(t, &json);
    assert(tuning_read(json.buf, &a, &again) && again.key == t->key && again.value == t->value);
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const names[] = { "candidate", "v1.5" };
    struct arena a = ARENA_INIT;
    struct error e;
    struct tuning t;
    const char *text = arena_strndup(&a, (const char *)bytes, len);
    if (tuning_read(text, &a, &t))
        check(&t);
    if (tuning_parse(text, names, ARRAY_LEN(names), &a, &t, &e) == OK)
        check(&t);
    else
        assert(e.code == ERR_INVALID && e.msg[0] != '\0');
    arena_release(&a);
    return 0;
}
