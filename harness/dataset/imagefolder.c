#include "dataset/imagefolder.h"

#include <string.h>
#include <strings.h>

bool imagefolder_is_link(const char *column)
{
    static const char *const endings[] = { "file_name", "file_names" };
    size_t len = strlen(column);
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        size_t need = strlen(endings[i]);
        if (len >= need && strcmp(column + len - need, endings[i]) == 0 &&
            (len == need || (len > need + 1 && column[len - need - 1] == '_')))
            return true;
    }
    return false;
}

/* Walks the link members of an object and of the objects in it; `add` == NULL only counts. */
static bool walk(const cJSON *object, size_t *count, map_add_text *add, void *context, struct strbuf *problem)
{
    for (const cJSON *m = object->child; m; m = m->next) {
        if (cJSON_IsObject(m) && !walk(m, count, add, context, problem))
            return false;
        if (!m->string || !imagefolder_is_link(m->string))
            continue;
        ++*count;
        if (!add || cJSON_IsNull(m))
            continue;
        const cJSON *item = cJSON_IsArray(m) ? m->child : m;
        for (; item; item = cJSON_IsArray(m) ? item->next : NULL) {
            if (!cJSON_IsString(item)) {
                (void)strbuf_addstr(problem, "a link column holds something that is not a file name");
                return false;
            }
            if (item->valuestring[0] && !add(context, item->valuestring, strlen(item->valuestring), problem))
                return false;
        }
    }
    return true;
}

size_t imagefolder_link_count(const struct row *row)
{
    size_t count = 0;
    if (row->object)
        (void)walk(row->object, &count, NULL, NULL, NULL);
    for (size_t i = 0; i < row->column_count; i++)
        count += imagefolder_is_link(row->column[i].text);
    return count;
}

bool imagefolder_links(const struct row *row, map_add_text *add, void *context, struct strbuf *problem)
{
    size_t count = 0;
    if (row->object)
        return walk(row->object, &count, add, context, problem);
    struct map_place at = { .row = row, .split = "", .file_stem = "", .variant = "" };
    for (size_t i = 0; i < row->column_count; i++) {
        struct map_value link = { .kind = MAP_COLUMN, .text = row->column[i].text };
        if (imagefolder_is_link(row->column[i].text) && !map_value_list(&link, &at, add, context, problem))
            return false;
    }
    return true;
}

/* A keyword counts between separators only: "train/metadata.csv" and "my-test.csv", but not "latest/metadata.csv". */
static bool has_word(const char *path, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = path; (at = strcasestr(at, word)); at++) {
        bool starts = at == path || strchr("/!._- ", at[-1]);
        bool ends = at[len] == '\0' || strchr("/!._- ", at[len]) || (at[len] >= '0' && at[len] <= '9');
        if (starts && ends)
            return true;
    }
    return false;
}

const char *imagefolder_split(const char *path)
{
    static const char *const words[][2] = {
        { "train", "train" },           { "training", "train" },   { "test", "test" },
        { "testing", "test" },          { "eval", "test" },        { "evaluation", "test" },
        { "validation", "validation" }, { "valid", "validation" }, { "val", "validation" },
        { "dev", "validation" },
    };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (has_word(path, words[i][0]))
            return words[i][1];
    return "train";
}
