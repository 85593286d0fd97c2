#include "dataset/row.h"

#include "base/arena.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "dataset/json_record.h"
#include "dataset/member_stream.h"
#include "dataset/parquet_json.h"
#include "dataset/webdataset.h"

#include <string.h>

enum { COLUMNS_SHOWN = 40, NAME_COLUMNS = 40 };

/* ---- Looking into a row ---- */

static struct row_value value_of_json(const cJSON *json)
{
    if (!json || cJSON_IsNull(json))
        return (struct row_value){ .kind = ROW_ABSENT };
    if (cJSON_IsString(json))
        return (struct row_value){ .kind = ROW_TEXT, .text = json->valuestring, .len = strlen(json->valuestring) };
    return (struct row_value){ .kind = ROW_JSON, .json = json };
}

static const cJSON *member(const cJSON *object, const char *name, size_t len)
{
    if (!cJSON_IsObject(object))
        return NULL;
    for (const cJSON *m = object->child; m; m = m->next)
        if (strncmp(m->string, name, len) == 0 && m->string[len] == '\0')
            return m;
    return NULL;
}

/* A key may itself hold dots: the whole rest of the path is tried before its first part. */
static const cJSON *follow(const cJSON *object, const char *path)
{
    for (;;) {
        const cJSON *whole = member(object, path, strlen(path));
        const char *dot = strchr(path, '.');
        if (whole || !dot)
            return whole;
        object = member(object, path, (size_t)(dot - path));
        if (!object)
            return NULL;
        path = dot + 1;
    }
}

static struct row_value find_cell(const struct row *r, const char *name, bool *ret_known)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < r->column_count; i++) {
        if (r->column[i].len != len || memcmp(r->column[i].text, name, len) != 0)
            continue;
        *ret_known = true;
        if (r->cell)
            return (struct row_value){ .kind = ROW_TEXT, .text = r->cell[i].text, .len = r->cell[i].len };
    }
    return (struct row_value){ .kind = ROW_ABSENT };
}

struct row_value row_find(const struct row *r, const char *path, bool *ret_known)
{
    bool known = false;
    struct row_value value;
    if (r->object) {
        const cJSON *json = follow(r->object, path);
        known = json != NULL;
        value = value_of_json(json);
    } else {
        value = find_cell(r, path, &known);
    }
    if (ret_known)
        *ret_known = known;
    return value;
}

const struct row_image *row_image_at(const struct row *r, const cJSON *node, size_t *hint)
{
    size_t from = hint && *hint < r->image_count ? *hint : 0;
    for (size_t i = 0; i < r->image_count; i++) {
        size_t at = (from + i) % r->image_count;
        if (r->image[at].node != node)
            continue;
        if (hint)
            *hint = at + 1;
        return &r->image[at];
    }
    return NULL;
}

const struct row_image *row_image_named(const struct row *r, const char *name)
{
    for (size_t i = 0; i < r->image_count; i++)
        if (r->image[i].name == name)
            return &r->image[i];
    return NULL;
}

void row_list_columns(const struct row *r, struct strbuf *out)
{
    size_t shown = 0, count = r->object ? (size_t)cJSON_GetArraySize(r->object) : r->column_count;
    const cJSON *m = r->object ? r->object->child : NULL;
    for (; shown < count && shown < COLUMNS_SHOWN; shown++, m = m ? m->next : NULL) {
        const char *name = m ? m->string : r->column[shown].text;
        (void)strbuf_addstr(out, shown ? ", " : "");
        text_safe_terminal(name, strlen(name), NAME_COLUMNS, false, out);
    }
    if (shown < count)
        (void)strbuf_addf(out, " and %zu more", count - shown);
    if (r->unread && r->unread[0])
        (void)strbuf_addf(out, " (and, of shapes that are not read: %s)", r->unread);
}

/* ---- Reading rows ---- */

/* The record holds one NUL behind each cell; any other belongs to a cell. */
static bool csv_is_clean(const struct csv *c)
{
    for (size_t i = 0; i < c->cell_count; i++)
        if (memchr(c->cell[i].text, '\0', c->cell[i].len))
            return false;
    return utf8_valid(c->record.buf, c->record.len, NULL);
}

static enum err check_header(const struct rows *r, struct error *e)
{
    for (size_t i = 0; i < r->column_count; i++) {
        const struct csv_cell *name = &r->column[i];
        size_t at;
        if (!utf8_valid(name->text, name->len, &at) || memchr(name->text, '\0', name->len))
            return error_set(e, ERR_INVALID, "%s:1: the name of column %zu is not UTF-8 text", r->in.name, i + 1);
        for (size_t j = 0; j < i; j++)
            if (r->column[j].len == name->len && memcmp(r->column[j].text, name->text, name->len) == 0)
                return error_set(e, ERR_INVALID, "%s:1: columns %zu and %zu have the same name", r->in.name, j + 1, i + 1);
    }
    return OK;
}

static enum err read_header(struct rows *r, struct error *e)
{
    bool more;
    enum err err = csv_next(&r->csv, &more, e);
    if (err != OK)
        return err;
    if (!more)
        return error_set(e, ERR_INVALID, "%s:1: the file is empty; expected a line of column names", r->in.name);
    if (r->csv.problem)
        return error_set(e, ERR_SYNTAX, "%s:%lld: %s", r->in.name, (long long)r->csv.record_line, r->csv.problem);

    r->column_count = r->csv.cell_count;
    r->column = xcalloc(r->column_count, sizeof(*r->column));
    (void)strbuf_add(&r->header_text, r->csv.record.buf, r->csv.record.len);
    for (size_t i = 0; i < r->column_count; i++)
        r->column[i] = (struct csv_cell){ r->header_text.buf + (r->csv.cell[i].text - r->csv.record.buf), r->csv.cell[i].len };
    return check_header(r, e);
}

static void prepare(struct rows *r, enum row_format format)
{
    *r = (struct rows){ .format = format, .in = FILE_READER_INIT, .header_text = STRBUF_INIT, .scratch = STRBUF_INIT };
    csv_init(&r->csv, &r->in);
    jsonl_init(&r->jsonl, &r->in);
    json_rows_init(&r->json, &r->in);
}

static enum err begin(struct rows *r, struct error *e)
{
    enum err err = r->format == ROW_FORMAT_CSV ? read_header(r, e) : OK;
    if (err != OK)
        rows_release(r);
    return err;
}

enum err rows_open(struct rows *r, enum row_format format, const char *path, const char *name, struct error *e)
{
    prepare(r, format);
    if (format == ROW_FORMAT_WEBDATASET)
        return webdataset_open(path, name, &r->shard, e);
    enum err err = file_reader_open(&r->in, path, name, e);
    if (err == OK && format == ROW_FORMAT_PARQUET)
        err = parquet_json_open(path, name, &r->parquet, e);
    if (err != OK) {
        rows_release(r);
        return err;
    }
    return begin(r, e);
}

enum err rows_open_member(struct rows *r, enum row_format format, const char *path, const char *member, const char *name, struct error *e)
{
    struct member_stream *stream = NULL;
    prepare(r, format);
    enum err err = member_stream_open(path, member, name, &stream, e);
    if (err != OK)
        return err;
    struct file_stream in = { .pull = member_stream_pull, .close = member_stream_close, .context = stream };
    file_reader_open_stream(&r->in, in, name);
    return begin(r, e);
}

enum err rows_open_memory(struct rows *r, enum row_format format, const void *bytes, size_t len, const char *name, struct error *e)
{
    prepare(r, format);
    file_reader_open_memory(&r->in, bytes, len, name);
    enum err err = format == ROW_FORMAT_PARQUET ? parquet_json_open_memory(bytes, len, name, &r->parquet, e) : OK;
    if (err != OK) {
        rows_release(r);
        return err;
    }
    return begin(r, e);
}

static enum err next_csv(struct rows *r, bool *ret_more, struct row *row, struct error *e)
{
    enum err err = csv_next(&r->csv, ret_more, e);
    if (err != OK || !*ret_more)
        return err;
    row->line = r->csv.record_line;
    row->offset = r->csv.record_offset;
    row->column = r->column;
    row->column_count = r->column_count;
    row->cell = r->csv.cell;
    row->clean = csv_is_clean(&r->csv);
    row->problem = r->csv.problem;
    if (!row->problem && r->csv.cell_count != r->column_count) {
        (void)snprintf(r->problem, sizeof(r->problem), "%zu field%s where the header has %zu%s", r->csv.cell_count,
                       r->csv.cell_count == 1 ? "" : "s", r->column_count,
                       r->csv.cell_count > r->column_count ? " (a comma inside a text needs quotes)" : "");
        row->problem = r->problem;
    }
    return OK;
}

/* The text of a record becomes the row's object, or the row's problem. */
static void parse_record(struct rows *r, const char *text, size_t len, struct row *row)
{
    struct error why = { 0 };
    strbuf_clear(&r->scratch);
    r->tree = json_record_parse(text, len, "", row->line, &r->scratch, &why);
    /* A surrogate that was freed stands in the scratch copy, which then is what was parsed. */
    row->clean = r->scratch.len ? utf8_valid(r->scratch.buf, r->scratch.len, NULL) : utf8_valid(text, len, NULL);
    row->object = r->tree;
    if (!r->tree) {
        (void)snprintf(r->problem, sizeof(r->problem), "not a JSON record at %.100s", why.msg + (why.msg[0] == ':'));
        row->problem = r->problem;
    } else if (!cJSON_IsObject(r->tree)) {
        row->problem = "the JSON value is not an object";
    }
}

struct row rows_header(const struct rows *r)
{
    return (struct row){ .key = "", .offset = -1, .clean = true, .line = 1, .column = r->column, .column_count = r->column_count };
}

static enum err next_sample(struct rows *r, bool *ret_more, struct row *row, struct error *e)
{
    struct webdataset_sample sample = { 0 };
    enum err err = webdataset_next(r->shard, ret_more, &sample, e);
    if (err != OK || !*ret_more)
        return err;
    r->tree = sample.object;
    row->line = r->next_index + 1;
    row->key = sample.key;
    row->clean = sample.clean;
    row->object = sample.object;
    row->problem = sample.problem;
    return OK;
}

enum err rows_next(struct rows *r, bool *ret_more, struct row *ret_row, struct error *e)
{
    struct row row = { .key = "", .index = r->next_index, .offset = -1 };
    bool more = false;
    enum err err;

    cJSON_Delete(TAKE(r->tree));
    if (r->format == ROW_FORMAT_CSV)
        err = next_csv(r, &more, &row, e);
    else if (r->format == ROW_FORMAT_PARQUET)
        return parquet_json_next(r->parquet, ret_more, ret_row, e);
    else if (r->format == ROW_FORMAT_JSONL)
        err = jsonl_next(&r->jsonl, &more, e);
    else if (r->format == ROW_FORMAT_WEBDATASET)
        err = next_sample(r, &more, &row, e);
    else
        err = json_rows_next(&r->json, &more, e);
    if (err != OK)
        return err;

    if (more && r->format == ROW_FORMAT_JSONL) {
        row.line = r->jsonl.line;
        row.offset = r->jsonl.offset;
        parse_record(r, r->jsonl.text, r->jsonl.len, &row);
    } else if (more && r->format == ROW_FORMAT_JSON) {
        row.line = r->json.line;
        row.offset = r->json.offset;
        row.key = r->json.key;
        parse_record(r, r->json.text, r->json.len, &row);
    }
    r->next_index += more;
    *ret_more = more;
    *ret_row = row;
    return OK;
}

enum err rows_sha256(struct rows *r, struct sha256_hex *ret, struct error *e)
{
    return file_reader_sha256(&r->in, ret, e);
}

void rows_release(struct rows *r)
{
    cJSON_Delete(TAKE(r->tree));
    csv_release(&r->csv);
    jsonl_release(&r->jsonl);
    json_rows_release(&r->json);
    webdataset_close(TAKE(r->shard));
    parquet_json_free(TAKE(r->parquet));
    free(r->column);
    strbuf_release(&r->header_text);
    strbuf_release(&r->scratch);
    file_reader_release(&r->in);
    r->column = NULL;
    r->column_count = 0;
}
