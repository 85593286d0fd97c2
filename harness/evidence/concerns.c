#include "evidence/concerns.h"

#include "evidence/facts.h"

#include <stdio.h>
#include <string.h>

enum { SMALL_CONTEXT = 8192, MAX_WORDS = 400 };

static void tell_unless(const char *found, const char *wanted, const char *format, void (*tell)(const char *words, void *context),
                        void *context)
{
    char words[MAX_WORDS];
    if (!found || strcmp(found, wanted) == 0)
        return;
    (void)snprintf(words, sizeof(words), "%s: %s", format, found);
    tell(words, context);
}

static void tell_images(const cJSON *router, const cJSON *server, void (*tell)(const char *words, void *context), void *context)
{
    char words[MAX_WORDS];
    double tokens;
    if (cJSON_IsFalse(json_get(router, "image_input")) || cJSON_IsFalse(json_get(server, "vision")))
        tell("image input is not listed for this model; it may still take images", context);
    if ((!json_number(router, "context_length", &tokens) && !json_number(server, "context_length", &tokens)) || tokens >= SMALL_CONTEXT)
        return;
    (void)snprintf(words, sizeof(words), "a context of %.0f tokens is small for images", tokens);
    tell(words, context);
}

void concerns_tell(const cJSON *facts, bool images, void (*tell)(const char *words, void *context), void *context)
{
    const cJSON *router = json_object(facts, "router"), *mapping = json_object(facts, "mapping");
    tell_unless(json_string(router, "status"), "live", "the router says", tell, context);
    tell_unless(json_string(mapping, "status"), "live", "the Hub's mapping says", tell, context);
    tell_unless(json_string(mapping, "task"), "conversational", "the Hub's mapping is of another task", tell, context);
    if (images)
        tell_images(router, json_object(facts, "server"), tell, context);
    if (router && !facts_price(facts).known)
        tell("the router tells no price", context);
}
