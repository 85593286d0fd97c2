/*
 * request_params - the parameters of a request as a small JSON tree, with the configured `extra` members merged into it.
 *
 * A protocol fills the tree with its own words, merges, and writes the tree at the top of the body.
 */
#ifndef PROVIDER_REQUEST_PARAMS_H
#define PROVIDER_REQUEST_PARAMS_H

#include "base/json.h"
#include "provider/provider.h"

/* In the shortest decimal form that reads back as the same double: 0.7, not 0.69999999999999996. */
void params_add_number(cJSON *params, const char *key, double value);
void params_add_int(cJSON *params, const char *key, int64_t value);
void params_add_texts(cJSON *params, const char *key, const char *const *text, size_t count);
/* The members of extra_json (NULL = none) replace those of `params`; where both are objects they are merged member by member.
   Nulls are left out. ERR_INVALID when it holds one of the `reserved` names (NULL-terminated), which decide what is asked
   and recorded. */
enum err params_merge(cJSON *params, const char *extra_json, const char *const *reserved, struct error *e) MUST_CHECK;
/* Adds the object at object[key] when it is not there, and returns it. */
cJSON *params_object(cJSON *object, const char *key);
/* Adds the schema of the answer as object[key]. ERR_INVALID when its text is not a JSON object. */
enum err params_add_schema(cJSON *object, const char *key, const struct chat_schema *schema, struct error *e) MUST_CHECK;
/* Appends the members with a comma before each but the first, which gets one when `after` is set; no braces. */
void params_write(const cJSON *params, bool after, struct strbuf *out);

#endif
