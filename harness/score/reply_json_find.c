#include "score/reply_json_find.h"

#include "base/json.h"

#include <string.h>

enum { MAX_OPEN = 64 }; /* braces that never close are tried so often, then we give up */

static cJSON *parse_meant(const char *text, size_t len, json_meant meant, const void *context)
{
    cJSON *tree = json_parse(text, len, NULL);
    if (tree && cJSON_IsObject(tree) && meant(context, tree))
        return tree;
    cJSON_Delete(tree);
    return NULL;
}

/* The content of the last ``` … ``` block. */
static cJSON *in_fence(const char *text, size_t len, json_meant meant, const void *context)
{
    const char *open = NULL, *close = NULL, *end = text + len;
    for (const char *at = text; (at = memmem(at, (size_t)(end - at), "```", 3)); at += 3) {
        if (open && !close) {
            close = at;
        } else {
            open = at;
            close = NULL;
        }
    }
    if (!open || !close)
        return NULL;
    const char *line = memchr(open, '\n', (size_t)(close - open)); /* behind "```json" */
    return line ? parse_meant(line, (size_t)(close - line), meant, context) : NULL;
}

/* One past the brace that closes the one at `at`; 0 when none does. */
static size_t balanced_end(const char *text, size_t len, size_t at)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = at; i < len; i++) {
        char c = text[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            depth++;
        } else if (c == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

static cJSON *last_balanced(const char *text, size_t len, json_meant meant, const void *context)
{
    cJSON *found = NULL;
    int open = 0;
    for (size_t i = 0; i < len && open < MAX_OPEN; i++) {
        if (text[i] != '{')
            continue;
        size_t end = balanced_end(text, len, i);
        if (end == 0) {
            open++;
            continue;
        }
        cJSON *object = parse_meant(text + i, end - i, meant, context);
        if (object) {
            cJSON_Delete(found);
            found = object;
        }
        i = end - 1;
    }
    return found;
}

cJSON *reply_json_find(const char *text, size_t len, json_meant meant, const void *context)
{
    cJSON *object = parse_meant(text, len, meant, context);
    if (!object)
        object = in_fence(text, len, meant, context);
    if (!object)
        object = last_balanced(text, len, meant, context);
    return object;
}
