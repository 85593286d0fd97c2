#include "engine/labelled_file.h"

#include "base/json.h"
#include "base/utf8.h"
#include "dataset/csv.h"
#include "dataset/json_rows.h"
#include "dataset/jsonl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- CSV ---- */

/* cJSON texts end at a NUL; none belongs into a label or an answer. */
static char *cell_text(const struct csv_cell *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    utf8_repair(cell->text, cell->len, &text);
    return strbuf_detach(&text, NULL);
}

static enum err read_heading(struct csv *csv, const char *path, char ***ret_name, size_t *ret_count, struct error *e)
{
    bool more;
    if (csv_next(csv, &more, e) != OK)
        return e->code;
    if (!more)
        return error_set(e, ERR_INVALID, "%s: the file is empty", path);
    char **name = xcalloc(csv->cell_count, sizeof(*name));
    for (size_t i = 0; i < csv->cell_count; i++)
        name[i] = cell_text(&csv->cell[i]);
    *ret_name = name;
    *ret_count = csv->cell_count;
    return OK;
}

static enum err each_csv(struct file_reader *in, const char *path, labelled_fn *each, void *context, struct error *e)
{
    struct csv csv;
    char **name = NULL;
    size_t count = 0;
    csv_init(&csv, in);
    enum err rc = read_heading(&csv, path, &name, &count, e);
    for (bool more; rc == OK;) {
        rc = csv_next(&csv, &more, e);
        if (rc != OK || !more)
            break;
        if (csv.cell_count != count) {
            rc = error_set(e, ERR_SYNTAX, "%s:%lld: %zu cells, and the heading has %zu", path, (long long)csv.record_line, csv.cell_count,
                           count);
            break;
        }
        CLEANUP(json_freep) cJSON *record = cJSON_CreateObject();
        for (size_t i = 0; i < count; i++) {
            char *text = cell_text(&csv.cell[i]);
            (void)cJSON_AddStringToObject(record, name[i], text);
            free(text);
        }
        rc = each(record, csv.record_line, context, e);
    }
    for (size_t i = 0; i < count; i++)
        free(name[i]);
    free(name);
    csv_release(&csv);
    return rc;
}

/* ---- JSON ---- */

/* A record, or a list of them. */
static enum err each_value(const char *text, size_t len, const char *path, int64_t line, labelled_fn *each, void *context, struct error *e)
{
    struct error why;
    CLEANUP(json_freep) cJSON *value = json_parse_lenient(text, len, NULL, &why);
    if (!value)
        return error_set(e, ERR_SYNTAX, "%s:%lld: %s", path, (long long)line, why.msg);
    const cJSON *item = cJSON_IsArray(value) ? value->child : value;
    for (; item; item = cJSON_IsArray(value) ? item->next : NULL) {
        if (!cJSON_IsObject(item))
            return error_set(e, ERR_INVALID, "%s:%lld: a record must be a JSON object", path, (long long)line);
        enum err rc = each(item, line, context, e);
        if (rc != OK)
            return rc;
    }
    return OK;
}

static enum err each_json(struct file_reader *in, const char *path, labelled_fn *each, void *context, struct error *e)
{
    struct json_rows rows;
    json_rows_init(&rows, in);
    enum err rc = OK;
    for (bool more; rc == OK;) {
        rc = json_rows_next(&rows, &more, e);
        if (rc != OK || !more)
            break;
        rc = each_value(rows.text, rows.len, path, rows.line, each, context, e);
    }
    json_rows_release(&rows);
    return rc;
}

static enum err each_line(struct file_reader *in, const char *path, labelled_fn *each, void *context, struct error *e)
{
    struct jsonl lines;
    jsonl_init(&lines, in);
    enum err rc = OK;
    for (bool more; rc == OK;) {
        rc = jsonl_next(&lines, &more, e);
        if (rc != OK || !more)
            break;
        rc = each_value(lines.text, lines.len, path, lines.line, each, context, e);
    }
    jsonl_release(&lines);
    return rc;
}

enum err labelled_file_each(const char *path, labelled_fn *each, void *context, struct error *e)
{
    const char *dot = strrchr(path, '.');
    enum err (*walk)(struct file_reader *, const char *, labelled_fn *, void *, struct error *) = NULL;
    if (dot && strcasecmp(dot, ".csv") == 0)
        walk = each_csv;
    else if (dot && strcasecmp(dot, ".json") == 0)
        walk = each_json;
    else if (dot && (strcasecmp(dot, ".jsonl") == 0 || strcasecmp(dot, ".ndjson") == 0))
        walk = each_line;
    else
        return error_set(e, ERR_INVALID, "%s: its name must end in .csv, .jsonl or .json, which says how to read it", path);
    struct file_reader in = FILE_READER_INIT;
    if (file_reader_open(&in, path, path, e) != OK)
        return e->code;
    enum err rc = walk(&in, path, each, context, e);
    file_reader_release(&in);
    return rc;
}
