/* Any answer against any accepted answer and target, split at 0x1F bytes, gets a verdict from every kind. */
#include "base/json.h"
#include "base/utf8.h"
#include "score/scorer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static struct scorer *scorer[5];

static void make(void)
{
    static const char *const kind[] = { "exact", "contains", "choice", "numeric", "anls" };
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        if (scorer_new(kind[i], NULL, NULL, &scorer[i], NULL) != OK)
            abort();
    }
}

/* The next part as repaired text; moves bytes and len behind it. */
static void next_part(const uint8_t **bytes, size_t *len, struct strbuf *out)
{
    const uint8_t *cut = *len > 0 ? memchr(*bytes, 0x1F, *len) : NULL;
    size_t part = cut ? (size_t)(cut - *bytes) : *len;
    utf8_repair((const char *)*bytes, part, out);
    *bytes += cut ? part + 1 : part;
    *len -= cut ? part + 1 : part;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (!scorer[0])
        make();
    struct strbuf text = STRBUF_INIT, accepted = STRBUF_INIT, target = STRBUF_INIT;
    next_part(&bytes, &len, &text);
    next_part(&bytes, &len, &accepted);
    next_part(&bytes, &len, &target);

    cJSON *extra = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(extra, "answers", accepted.buf);
    (void)cJSON_AddStringToObject(extra, "target", target.buf);
    (void)cJSON_AddItemToObject(extra, "options", cJSON_CreateStringArray((const char *[]){ accepted.buf, target.buf, "owl" }, 3));
    const struct answer answer = { .content = text.buf, .content_len = text.len, .reasoning = "", .refusal = "" };
    const struct sample sample = { .id = "s", .extra_json = "{}" };
    const struct score_input in = { .sample = &sample, .extra = extra, .answer = &answer };
    for (size_t i = 0; i < ARRAY_LEN(scorer); i++) {
        struct arena a = ARENA_INIT;
        struct score score;
        if (scorer_begin(scorer[i], &in, NULL, &a, NULL, &score) != SCORE_DONE || !score.reason || !score.explanation)
            abort();
        if (score.has_value && !(score.value >= 0.0 && score.value <= 1.0))
            abort();
        arena_release(&a);
    }
    cJSON_Delete(extra);
    strbuf_release(&text);
    strbuf_release(&accepted);
    strbuf_release(&target);
    return 0;
}
