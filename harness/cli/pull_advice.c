#include "cli/pull_advice.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/text_safe.h"
#include "base/vec.h"
#include "base/yaml_tree.h"
#include "core/limits.h"
#include "dataset/csv.h"
#include "dataset/imagefolder.h"
#include "dataset/jsonl.h"
#include "dataset/preset.h"

#include <ctype.h>
#include <string.h>

enum { MAX_METADATA_FILES = 50, MAX_COLUMNS_SHOWN = 60 };

/* The names of the columns, copied. */
struct columns {
    struct arena arena;
    const char **name;
    size_t count, cap;
};

static void add_column(struct columns *c, const char *name)
{
    c->name = vec_grow(c->name, c->count, &c->cap, sizeof(*c->name));
    c->name[c->count++] = arena_strdup(&c->arena, name);
}

static void columns_release(struct columns *c)
{
    free(c->name);
    arena_release(&c->arena);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t len = strlen(text), need = strlen(ending);
    return len >= need && strcmp(text + len - need, ending) == 0;
}

static bool is_metadata(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    return strcmp(base, "metadata.csv") == 0 || strcmp(base, "metadata.jsonl") == 0;
}

/* ---- Columns ------------------------------------------------------------------------------------------------------- */

static void read_csv_columns(struct file_reader *in, struct columns *c)
{
    struct csv csv;
    bool more = false;
    csv_init(&csv, in);
    if (csv_next(&csv, &more, NULL) == OK && more)
        for (size_t i = 0; i < csv.cell_count; i++)
            add_column(c, csv.cell[i].text);
    csv_release(&csv);
}

static void read_jsonl_columns(struct file_reader *in, struct columns *c)
{
    struct jsonl lines;
    bool more = false;
    jsonl_init(&lines, in);
    if (jsonl_next(&lines, &more, NULL) == OK && more) {
        CLEANUP(json_freep) cJSON *row = json_parse_lenient(lines.text, lines.len, NULL, NULL);
        for (const cJSON *member = cJSON_IsObject(row) ? row->child : NULL; member; member = member->next)
            add_column(c, member->string);
    }
    jsonl_release(&lines);
}

static void read_columns(const char *dir, const char *path, struct columns *c)
{
    CLEANUP(strbuf_release) struct strbuf full = STRBUF_INIT;
    struct file_reader in = FILE_READER_INIT;
    fs_join(dir, path, &full);
    if (file_reader_open(&in, full.buf, path, NULL) == OK) {
        if (ends_with(path, ".csv"))
            read_csv_columns(&in, c);
        else
            read_jsonl_columns(&in, c);
    }
    file_reader_release(&in);
}

/* The first column that is called like one of `likely`, most likely first. */
static const char *find_column(const struct columns *c, const char *const *likely)
{
    for (; *likely; likely++)
        for (size_t i = 0; i < c->count; i++)
            if (strcasecmp(c->name[i], *likely) == 0)
                return c->name[i];
    return NULL;
}

static const char *find_link(const struct columns *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (imagefolder_is_link(c->name[i]) && !ends_with(c->name[i], "s"))
            return c->name[i];
    return NULL;
}

/* ---- The text ------------------------------------------------------------------------------------------------------ */

/* A YAML text in double quotes; what JSON writes is one. */
static void add_quoted(struct strbuf *out, const char *text)
{
    CLEANUP(strbuf_release) struct strbuf clean = STRBUF_INIT;
    text_safe_decode(text, strlen(text), &clean);
    json_add_string(out, clean.buf, clean.len);
}

static void add_name(struct strbuf *out, const char *dir)
{
    CLEANUP(strbuf_release) struct strbuf base = STRBUF_INIT;
    char *real = realpath(dir, NULL);
    const char *slash = real ? strrchr(real, '/') : NULL, *from = slash && slash[1] ? slash + 1 : dir;
    for (size_t i = 0; from[i] && base.len < 64; i++) {
        char c = (char)tolower((unsigned char)from[i]);
        if (isalnum((unsigned char)c) || (base.len > 0 && strchr("._-", c)))
            (void)strbuf_addch(&base, c);
    }
    (void)strbuf_addf(out, "name: %s\n", base.len ? base.buf : "pulled");
    free(real);
}

/* A set with folders takes its splits from the first of them. */
static size_t split_len(const char *path)
{
    const char *slash = strchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

/* All of one ending: the format wants that. */
static size_t add_files(struct strbuf *out, const struct hub_listing *l, const char *first, bool *ret_splits)
{
    const char *ending = strrchr(first, '.');
    size_t count = 0;
    *ret_splits = true;
    (void)strbuf_addstr(out, "files:\n");
    for (size_t i = 0; i < l->count; i++) {
        const char *path = l->file[i].path;
        if (!is_metadata(path) || !ends_with(path, ending))
            continue;
        if (++count > MAX_METADATA_FILES)
            continue;
        (void)strbuf_addstr(out, "  - {path: ");
        add_quoted(out, path);
        if (split_len(path)) {
            CLEANUP(strbuf_release) struct strbuf split = STRBUF_INIT;
            (void)strbuf_add(&split, path, split_len(path));
            (void)strbuf_addstr(out, ", split: ");
            add_quoted(out, split.buf);
        } else {
            *ret_splits = false;
        }
        (void)strbuf_addstr(out, "}\n");
    }
    if (count > MAX_METADATA_FILES)
        (void)strbuf_addf(out, "  # and %zu more: a glob such as \"**/metadata%s\" names them all\n", count - MAX_METADATA_FILES, ending);
    return count;
}

static void add_field(struct strbuf *out, const char *field, const char *column, const char *otherwise)
{
    (void)strbuf_addf(out, "  %s: {column: ", field);
    if (column)
        add_quoted(out, column);
    else
        (void)strbuf_addstr(out, otherwise);
    (void)strbuf_addstr(out, strcmp(field, "intent") == 0 || strcmp(field, "prompt") == 0 ? "}\n" : ", default: \"\"}\n");
}

static void add_columns(struct strbuf *out, const struct columns *c, bool splits)
{
    static const char *const intent[] = {
        "intent", "goal", "behavior", "behaviour", "original_prompt", "redteam_query", "instruction", NULL
    };
    static const char *const prompt[] = {
        "prompt", "jailbreak_prompt", "jailbreak_query", "text_prompt", "question", "query", "text", NULL
    };
    static const char *const category[] = { "category", "main_category", "hazard_category", "SemanticCategory",
                                            "policy",   "scenario",      "topic",           NULL };
    static const char *const subcategory[] = { "subcategory", "sub_category", "hazard_subcategory", NULL };
    static const char *const attack[] = { "attack", "attack_method", "attack_type", "method", NULL };
    const char *link = find_link(c), *asked = find_column(c, prompt), *wanted = find_column(c, intent);

    (void)strbuf_addstr(out, "# columns:");
    for (size_t i = 0; i < c->count && i < MAX_COLUMNS_SHOWN; i++) {
        (void)strbuf_addstr(out, i ? ", " : " ");
        text_safe_terminal(c->name[i], strlen(c->name[i]), 40, true, out);
    }
    (void)strbuf_addstr(out, "\ncolumns:\n");
    if (link && !strpbrk(link, "{}"))
        (void)strbuf_addf(out, "  id: {template: \"%s{%s}\"}\n", splits ? "{@split}/" : "", link);
    if (!wanted && asked)
        (void)strbuf_addstr(out, "  # no column is called like an intent, so the prompt stands in for it\n");
    add_field(out, "intent", wanted ? wanted : asked, "UNKNOWN");
    if (asked || !wanted)
        add_field(out, "prompt", asked, "UNKNOWN");
    else
        (void)strbuf_addstr(out, "  prompt: {literal: \"\"}    # no column is called like a prompt\n");
    (void)strbuf_addstr(out, "  images: auto\n");
    if (find_column(c, category))
        add_field(out, "category", find_column(c, category), "");
    if (find_column(c, subcategory))
        add_field(out, "subcategory", find_column(c, subcategory), "");
    if (find_column(c, attack))
        add_field(out, "attack", find_column(c, attack), "");
    (void)strbuf_addstr(out, "  expected: {literal: attack}\n");
}

bool pull_advice_yaml(const char *dir, const struct hub_lock *lock, struct strbuf *out)
{
    const struct hub_listing *l = &lock->listing;
    size_t first = 0;
    bool splits;
    while (first < l->count && !is_metadata(l->file[first].path))
        first++;
    if (first == l->count)
        return false;

    CLEANUP(columns_release) struct columns c = { .arena = ARENA_INIT };
    read_columns(dir, l->file[first].path, &c);
    (void)strbuf_addstr(out, "gauntlet_dataset: 1\n");
    add_name(out, dir);
    (void)strbuf_addstr(out, "version: \"1\"\nformat: imagefolder\n");
    (void)add_files(out, l, l->file[first].path, &splits);
    add_columns(out, &c, splits);
    (void)strbuf_addstr(out, "licence: {id: ");
    add_quoted(out, lock->licence ? lock->licence : "unknown");
    (void)strbuf_addstr(out, ", redistribute: false}\n");
    if (lock->repo) {
        (void)strbuf_addstr(out, "source: {kind: hf, id: ");
        add_quoted(out, lock->repo);
        (void)strbuf_addf(out, ", revision: %s}\n", lock->commit);
    }
    return true;
}

/* ---- Presets ------------------------------------------------------------------------------------------------------- */

bool pull_advice_preset(const struct hub_lock *lock, struct strbuf *out)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    size_t at = 0;
    for (struct preset p = preset_next(&at, &a); lock->repo && p.name; p = preset_next(&at, &a)) {
        const struct yaml_doc *doc;
        if (yaml_load_text(p.name, p.text, p.len, YAML_LIMITS, &a, &doc, NULL) != OK)
            continue;
        const struct yaml_node *id = yaml_find(yaml_find(doc->root, "source"), "id");
        if (id && id->kind == YAML_SCALAR && strcasecmp(id->text, lock->repo) == 0) {
            (void)strbuf_addstr(out, p.name);
            return true;
        }
    }
    return false;
}
