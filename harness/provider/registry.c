#include "provider/anthropic_messages.h"
#include "provider/gemini_generate.h"
#include "provider/openai_chat.h"
#include "provider/provider.h"

#include <string.h>

static const struct provider_ops *const provider[] = { &openai_chat, &anthropic_messages, &gemini_generate };
static const char *const name[] = { "openai-chat", "anthropic-messages", "gemini-generate", NULL };
_Static_assert(ARRAY_LEN(name) == ARRAY_LEN(provider) + 1, "every protocol has its name here");

const struct provider_ops *provider_find(const char *wanted)
{
    for (size_t i = 0; i < ARRAY_LEN(provider); i++)
        if (strcmp(provider[i]->name, wanted) == 0)
            return provider[i];
    return NULL;
}

const char *const *provider_names(void)
{
    return name;
}
