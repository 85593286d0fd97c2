/*
 * probe_questions - the harmless questions of `check --probe`, and what the answers to them teach (providers.md 12).
 *
 *     small-image        the colour of a red square of 32 x 32 pixels; the others are asked only when this one was answered
 *     large-image        the same square of 512 x 512: do prompt tokens follow the size?
 *     structured-output  the same colour as JSON of a schema: is it kept to?
 *     unknown-provider   of a router only: is a provider that does not exist refused, or silently replaced?
 *
 * Images, texts and schema are constants of the program.
 */
#ifndef ENGINE_PROBE_QUESTIONS_H
#define ENGINE_PROBE_QUESTIONS_H

#include "config/settings.h"
#include "provider/provider.h"

enum probe_question { PROBE_SMALL_IMAGE, PROBE_LARGE_IMAGE, PROBE_STRUCTURED_OUTPUT, PROBE_UNKNOWN_PROVIDER, PROBE_QUESTION_COUNT };

/* "small-image", …: probes[].further[].question of the document. */
const char *probe_question_name(enum probe_question q);
/* Whether it makes sense for this endpoint. */
bool probe_question_applies(enum probe_question q, const struct endpoint_config *c);
/* The request; `target` is changed where the question is about the address. */
struct chat_request probe_question_chat(enum probe_question q, struct provider_target *target);
/* Whether an answer is the JSON that was asked for: an object with a text `colour` and nothing else, without a fence around it. */
bool probe_keeps_schema(const struct answer *answer);

#endif
