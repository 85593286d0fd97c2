#include "evidence/card.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/json_member.h"
#include "base/yaml_tree.h"
#include "core/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_TEXT = 300 };

static void add_text(cJSON *object, const char *key, const char *text)
{
    char cut[MAX_TEXT + 1];
    if (!text || !text[0]) {
        cJSON_AddNullToObject(object, key);
        return;
    }
    (void)snprintf(cut, sizeof(cut), "%s", text);
    (void)cJSON_AddStringToObject(object, key, cut);
}

static const char *text_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *n = yaml_find(map, key);
    return n && n->kind == YAML_SCALAR ? n->text : NULL;
}

/* A number where it is one, else the text: cards say "12.3 %" as well. */
static void add_value(cJSON *object, const struct yaml_node *n)
{
    char *end;
    if (!n || n->kind != YAML_SCALAR) {
        cJSON_AddNullToObject(object, "value");
        return;
    }
    double value = strtod(n->text, &end);
    if (n->len && *end == '\0' && isfinite(value))
        (void)cJSON_AddNumberToObject(object, "value", value);
    else
        add_text(object, "value", n->text);
}

static cJSON *results_of(cJSON *card)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(card, "results");
    return list ? list : cJSON_AddArrayToObject(card, "results");
}

static void add_result(cJSON *card, const char *from, const char *dataset, const char *revision, const char *metric,
                       const struct yaml_node *value, const char *problem)
{
    cJSON *list = results_of(card), *json;
    if (cJSON_GetArraySize(list) >= MAX_CLAIMS)
        return;
    json = cJSON_CreateObject();
    add_text(json, "from", from);
    add_text(json, "dataset", dataset);
    add_text(json, "revision", revision);
    add_text(json, "metric", metric);
    add_value(json, value);
    add_text(json, "problem", problem);
    cJSON_AddItemToArray(list, json);
}

/* ---- The front matter --------------------------------------------------------------------------------------------- */

/* The text between the first line `---` and the next one; false when the file does not begin with it. */
static bool front_matter(const char *text, size_t len, const char **ret_yaml, size_t *ret_len, const char **ret_body)
{
    const char *end = text + len;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    if (end - text < 4 || memcmp(text, "---", 3) != 0 || (text[3] != '\n' && text[3] != '\r'))
        return false;
    const char *from = memchr(text, '\n', (size_t)(end - text));
    for (const char *line = from ? from + 1 : NULL; line && line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        if (end - line >= 3 && memcmp(line, "---", 3) == 0 && (line + 3 == end || line[3] == '\n' || line[3] == '\r')) {
            *ret_yaml = from + 1;
            *ret_len = (size_t)(line - from - 1);
            *ret_body = next ? next + 1 : end;
            return true;
        }
        line = next ? next + 1 : NULL;
    }
    return false;
}

static void add_index(const struct yaml_node *root, cJSON *card)
{
    const struct yaml_node *index = yaml_find(root, "model-index");
    for (const struct yaml_node *model = index ? index->child : NULL; model; model = model->next) {
        const struct yaml_node *results = yaml_find(model, "results");
        for (const struct yaml_node *result = results ? results->child : NULL; result; result = result->next) {
            const struct yaml_node *dataset = yaml_find(result, "dataset"), *metrics = yaml_find(result, "metrics");
            for (const struct yaml_node *m = metrics ? metrics->child : NULL; m; m = m->next)
                add_result(card, "model-index", text_of(dataset, "type"), text_of(dataset, "revision"), text_of(m, "type"),
                           yaml_find(m, "value"), NULL);
        }
    }
}

static void add_base_model(const struct yaml_node *root, cJSON *card)
{
    const struct yaml_node *base = yaml_find(root, "base_model");
    cJSON *list = cJSON_AddArrayToObject(card, "base_model");
    if (base && base->kind == YAML_SCALAR)
        cJSON_AddItemToArray(list, cJSON_CreateString(base->len <= MAX_TEXT ? base->text : ""));
    for (const struct yaml_node *n = base && base->kind == YAML_LIST ? base->child : NULL; n; n = n->next) {
        if (n->kind == YAML_SCALAR && n->len <= MAX_TEXT && cJSON_GetArraySize(list) < MAX_CLAIMS)
            cJSON_AddItemToArray(list, cJSON_CreateString(n->text));
    }
}

/* ---- What is left out --------------------------------------------------------------------------------------------- */

static bool line_has(const char *line, size_t len, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= len; i++) {
        if (strncasecmp(line + i, word, n) == 0)
            return true;
    }
    return false;
}

/* Does a heading ("## …") of the text have one of the words? They end with NULL. */
static bool has_heading(const char *body, const char *end, const char *const *word)
{
    for (const char *line = body; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t len = (size_t)((stop ? stop : end) - line);
        for (size_t i = 0; *line == '#' && word[i]; i++) {
            if (line_has(line, len, word[i]))
                return true;
        }
        line = stop ? stop + 1 : end;
    }
    return false;
}

static void add_omits(const char *body, const char *end, cJSON *card)
{
    static const char *const use[] = { "intended use", "direct use", "uses", "usage", "use case", NULL };
    static const char *const limits[] = { "limitation", "bias", "risk", "out-of-scope", NULL };
    static const char *const evaluation[] = { "evaluation", "benchmark", "results", "performance", NULL };
    static const struct {
        const char *name;
        const char *const *word;
    } part[] = { { "intended use", use }, { "limitations", limits }, { "evaluation", evaluation } };
    cJSON *omits = cJSON_AddArrayToObject(card, "omits");
    if (!json_string(card, "licence"))
        cJSON_AddItemToArray(omits, cJSON_CreateString("licence"));
    if (cJSON_GetArraySize(json_array(card, "base_model")) == 0)
        cJSON_AddItemToArray(omits, cJSON_CreateString("base model"));
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        bool published = part[i].word == evaluation && cJSON_GetArraySize(json_array(card, "results")) > 0;
        if (!published && !has_heading(body, end, part[i].word))
            cJSON_AddItemToArray(omits, cJSON_CreateString(part[i].name));
    }
}

/* The message's first line: the rest shows the source. */
static void add_problem(cJSON *card, const char *message)
{
    char line[MAX_TEXT + 1];
    (void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(message, "\n"), message);
    add_text(card, "problem", line);
}

void card_read(const char *text, size_t len, cJSON *card)
{
    struct arena a = ARENA_INIT;
    const struct yaml_doc *doc;
    const struct yaml_node *root = NULL;
    struct error e = { 0 };
    const char *yaml = "", *body = text;
    size_t yaml_len = 0;
    if (!front_matter(text, len, &yaml, &yaml_len, &body))
        add_problem(card, "it has no front matter");
    else if (yaml_load_text("README.md", yaml, yaml_len, YAML_LIMITS, &a, &doc, &e) != OK)
        add_problem(card, e.msg);
    else
        root = doc->root;
    if (root)
        cJSON_AddNullToObject(card, "problem");
    (void)results_of(card);
    add_text(card, "licence", text_of(root, "license"));
    add_base_model(root, card);
    add_index(root, card);
    add_omits(body, text + len, card);
    arena_release(&a);
}

void card_read_results(const char *name, const char *text, size_t len, cJSON *card)
{
    struct arena a = ARENA_INIT;
    const struct yaml_doc *doc;
    struct error e = { 0 };
    if (yaml_load_text(name, text, len, YAML_LIMITS, &a, &doc, &e) != OK) {
        char line[MAX_TEXT + 1];
        (void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(e.msg, "\n"), e.msg);
        add_result(card, name, NULL, NULL, NULL, NULL, line);
    } else {
        for (const struct yaml_node *entry = doc->root->kind == YAML_LIST ? doc->root->child : NULL; entry; entry = entry->next) {
            const struct yaml_node *dataset = yaml_find(entry, "dataset");
            add_result(card, name, text_of(dataset, "id"), text_of(dataset, "revision"), text_of(dataset, "task_id"),
                       yaml_find(entry, "value"), NULL);
        }
    }
    arena_release(&a);
}
