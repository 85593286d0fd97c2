/* Any answer, and any reasoning behind its first 0x1F byte, gets one of the verdicts, whole and within bounds. */
#include "base/utf8.h"
#include "score/scorer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static struct scorer *make(void)
{
    static const char *const known[] = { "{\"codeword\":\"KESTREL-44\"}", "{\"codeword\":\"MERLIN-7731\"}",
                                         "{\"codeword\":\"\xE9\xB9\xB0\xE9\x9B\x80-\xE9\xB9\xA4\xE9\xB7\xB9\"}" };
    struct scorer *s = NULL;
    if (scorer_new("canary", NULL, NULL, &s, NULL) != OK)
        abort();
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        const struct sample sample = { .id = "known", .extra_json = known[i] };
        if (scorer_know(s, &sample, NULL, NULL) != OK)
            abort();
    }
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct scorer *s;
    if (!s)
        s = make();
    struct strbuf text = STRBUF_INIT, reasoning = STRBUF_INIT;
    const uint8_t *cut = len > 0 ? memchr(bytes, 0x1F, len) : NULL;
    size_t content_len = cut ? (size_t)(cut - bytes) : len;
    utf8_repair((const char *)bytes, content_len, &text);
    if (cut)
        utf8_repair((const char *)cut + 1, len - content_len - 1, &reasoning);

    const struct answer answer = {
        .content = text.buf, .content_len = text.len, .reasoning = reasoning.buf, .reasoning_len = reasoning.len, .refusal = ""
    };
    const struct sample sample = { .id = "s", .extra_json = "{\"codeword\":\"KESTREL-44\"}" };
    const struct score_input in = { .sample = &sample, .answer = &answer };
    struct arena a = ARENA_INIT;
    struct score score;
    if (scorer_begin(s, &in, NULL, &a, NULL, &score) != SCORE_DONE || !score.reason || !score.explanation ||
        score.verdict > VERDICT_UNSCORED)
        abort();
    if (score.verdict == VERDICT_UNSCORED ? strcmp(score.reason, "no_answer") != 0 : !score.has_value)
        abort();
    arena_release(&a);
    strbuf_release(&text);
    strbuf_release(&reasoning);
    return 0;
}
