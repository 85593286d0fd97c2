#include "provider/chat_words.h"

#include <string.h>

static bool is_other(const char *value, const char *usual)
{
    return value && strcmp(value, usual) != 0;
}

enum err chat_words_refuse(const struct provider_target *t, const char *protocol, const char **ret_key, struct error *e)
{
    const struct {
        bool used;
        const char *key, *why;
    } words[] = {
        { t->provider != NULL, "provider", "it is a word of the Hugging Face router" },
        { is_other(t->max_tokens_key, "max_tokens"), "max_tokens_key", "the limit has one name there" },
        { t->logprobs, "logprobs", "take it out" },
        { t->top_logprobs > 0, "top_logprobs", "take it out" },
        { t->image_detail != NULL, "image_detail", "take it out" },
        { is_other(t->system_role, "system"), "system_role", "the system prompt is no message there" },
        { t->response_format_json != NULL, "response_format", "say it in the protocol's own words under `extra`" },
        { t->structured_output != STRUCTURED_AUTO && t->structured_output != STRUCTURED_NONE, "structured_output",
          "it has one form there: `auto`, or `none` for no form at all" },
    };
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!words[i].used)
            continue;
        *ret_key = words[i].key;
        return error_set(e, ERR_INVALID, "%s has no `%s`: %s", protocol, words[i].key, words[i].why);
    }
    return OK;
}
