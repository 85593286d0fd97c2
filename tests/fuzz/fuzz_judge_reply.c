/*
 * Any bytes as a judge's reply, read by every built-in rubric: no verdict with a reason, or fields inside their ranges and a
 * verdict with a value from 0 to 1.
 */
#include "base/utf8.h"
#include "embed/assets.h"
#include "score/judge_prompt.h"
#include "score/rubric.h"
#include "score/rubric_reply.h"
#include "score/rubric_verdict.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_with(const struct rubric *r, const char *text, size_t len, struct arena *a)
{
    struct field_value value[RUBRIC_MAX_FIELDS];
    struct rubric_result result;
    const char *why = NULL;
    if (!rubric_read_reply(r, text, len, a, value, &why)) {
        assert(why && why[0]);
        return;
    }
    for (size_t i = 0; i < r->field_count; i++) {
        const struct rubric_field *f = &r->field[i];
        assert(value[i].known || f->optional);
        if (!value[i].known)
            continue;
        assert(f->type != FIELD_TEXT || value[i].text);
        assert(f->type != FIELD_CHOICE || (value[i].number >= 0 && (size_t)value[i].number < f->word_count));
        assert((f->type != FIELD_INTEGER && f->type != FIELD_FLAG) || (value[i].number >= f->low && value[i].number <= f->high));
    }
    if (rubric_verdict(r, value, &result))
        assert(result.verdict != VERDICT_UNSCORED && result.value >= 0 && result.value <= 1);
}

/* The same bytes as an answer to be judged: they never close their marks. */
static void show(const struct rubric *r, const char *text, size_t len, struct arena *a)
{
    const struct judge_case c = { .intent = "i", .answer = text, .answer_len = len, .nonce = 7, .clip_points = 200 };
    const char *prompt = judge_prompt_fill(r->prompt, &c, false, a), *mark = "REPLY 0000000000000007>>>";
    const char *first = strstr(prompt, mark);
    assert(!first || !strstr(first + 1, mark));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct rubric rubric[16];
    static struct arena kept;
    static size_t count;
    if (count == 0) {
        size_t at = 0;
        for (struct asset asset; (asset = asset_next("harness/score/rubrics/", &at)).bytes; count++) {
            if (rubric_parse(asset.path, asset.bytes, asset.len, &kept, &rubric[count], NULL) != OK)
                abort();
        }
    }
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    utf8_repair((const char *)bytes, len, &text);
    for (size_t i = 0; i < count; i++) {
        read_with(&rubric[i], text.buf, text.len, &a);
        show(&rubric[i], text.buf, text.len, &a);
    }
    return 0;
}
