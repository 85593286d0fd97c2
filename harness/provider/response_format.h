/*
 * response_format - how each server wants to be asked for JSON of a schema (providers.md section 2).
 *
 *     openai             {"type":"json_schema","json_schema":{"name","description","schema","strict":true}}
 *     together           {"type":"json_schema","schema":{…}}
 *     fireworks, llamacpp {"type":"json_object","schema":{…}}
 *     tgi                {"type":"json_object","value":{…}}
 *
 * The forms for together, fireworks-ai and hf-inference are those that huggingface_hub writes for its providers. llama.cpp's
 * server takes `schema` under json_object, and openai's form; under json_schema it passes over it (docs/real_servers.md).
 */
#ifndef PROVIDER_RESPONSE_FORMAT_H
#define PROVIDER_RESPONSE_FORMAT_H

#include "base/json.h"
#include "provider/provider.h"

/* The form for an address: what `auto` means there. Never STRUCTURED_AUTO. */
enum structured_output response_format_for(const char *base_url);
/* Adds `response_format` to `params` unless it has one: the user's own, else the schema in the target's form, else nothing.
   ERR_INVALID when the user's or the schema is not a JSON object. */
enum err response_format_add(cJSON *params, const struct provider_target *t, const struct chat_schema *schema, struct error *e) MUST_CHECK;

#endif
