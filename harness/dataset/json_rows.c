#include "dataset/json_rows.h"

#include "base/vec.h"
#include "core/limits.h"
#include "dataset/json_record.h"

#include <string.h>

struct json_row_place {
    const char *key;
    int64_t offset, line;
    size_t len;
    size_t order; /* in the file: keeps the sort stable */
};

void json_rows_init(struct json_rows *j, struct file_reader *in)
{
    *j = (struct json_rows){ .in = in, .text = "", .key = "", .here = 1, .keys = ARENA_INIT };
    strbuf_init(&j->record, MAX_RECORD_BYTES);
}

static enum err syntax(const struct json_rows *j, struct error *e, const char *what)
{
    if (file_reader_check(j->in, e) != OK)
        return ERR_IO;
    return error_set(e, ERR_SYNTAX, "%s:%lld: %s", j->in->name, (long long)j->here, what);
}

/* Passes white space; the next byte, or -1 at the end. */
static int skip_space(struct json_rows *j)
{
    for (;;) {
        int c = file_reader_peek(j->in);
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return c;
        j->here += c == '\n';
        j->in->pos++;
    }
}

static enum err keep(struct json_rows *j, struct error *e)
{
    if (strbuf_addch(&j->record, j->in->block[j->in->pos]) != OK)
        return error_set(e, ERR_LIMIT, "%s:%lld: the record is larger than %zu MiB", j->in->name, (long long)j->line,
                         MAX_RECORD_BYTES / MIB);
    j->in->pos++;
    return OK;
}

/* A string with its quotes. */
static enum err cut_string(struct json_rows *j, struct error *e)
{
    bool escaped = false;
    enum err err = keep(j, e);
    for (int c; err == OK; err = keep(j, e)) {
        c = file_reader_peek(j->in);
        if (c < 0)
            return syntax(j, e, "the file ends inside a string");
        if (c == '\n')
            return syntax(j, e, "a string ends with its line (its closing quote is missing)");
        if (c == '"' && !escaped)
            return keep(j, e);
        escaped = c == '\\' && !escaped;
    }
    return err;
}

static bool ends_scalar(int c)
{
    return c < 0 || strchr(",]}: \t\r\n", c);
}

/* Cuts out one value. Brackets are only counted: whether they match is for the parser of the record. */
static enum err cut_value(struct json_rows *j, struct error *e)
{
    size_t depth = 0;
    enum err err = OK;

    strbuf_clear(&j->record);
    j->line = j->here;
    j->offset = file_reader_offset(j->in);
    do {
        int c = file_reader_peek(j->in);
        if (c < 0 && depth > 0)
            return syntax(j, e, "the file ends inside a record");
        if (depth == 0 && j->record.len > 0 && ends_scalar(c))
            return OK;
        if (c < 0 || c == ',' || c == ':') {
            if (depth == 0)
                return syntax(j, e, "a value is missing");
        }
        if (c == '"') {
            err = cut_string(j, e);
            if (depth == 0)
                return err;
            continue;
        }
        j->here += c == '\n';
        if (c == '{' || c == '[')
            depth++;
        if (c == '}' || c == ']') {
            if (depth == 0)
                return syntax(j, e, "a value is missing");
            depth--;
            err = keep(j, e);
            if (depth == 0)
                return err;
            continue;
        }
        err = keep(j, e);
    } while (err == OK);
    return err;
}

/* After a value: true when another one follows, false when `close` ended the list. */
static enum err read_separator(struct json_rows *j, char close, bool *ret_more, struct error *e)
{
    int c = skip_space(j);
    if (c != ',' && c != close)
        return syntax(j, e, c < 0 ? "the file ends before its closing bracket" : "expected a comma or the closing bracket");
    j->in->pos++;
    *ret_more = c == ',';
    return OK;
}

static enum err expect_end(struct json_rows *j, struct error *e)
{
    j->state = JSON_ROWS_END;
    if (skip_space(j) >= 0)
        return syntax(j, e, "text after the end of the JSON value");
    return file_reader_check(j->in, e);
}

static enum err read_key(struct json_rows *j, const char **ret_key, struct error *e)
{
    if (skip_space(j) != '"')
        return syntax(j, e, "expected a key in quotes");
    strbuf_clear(&j->record);
    j->line = j->here;
    enum err err = cut_string(j, e);
    if (err != OK)
        return err;

    CLEANUP(strbuf_release) struct strbuf scratch = STRBUF_INIT;
    cJSON *key = json_record_parse(j->record.buf, j->record.len, j->in->name, j->line, &scratch, e);
    if (!key)
        return e ? e->code : ERR_SYNTAX;
    *ret_key = arena_strdup(&j->keys, key->valuestring);
    cJSON_Delete(key);

    if (skip_space(j) != ':')
        return syntax(j, e, "expected a colon after the key");
    j->in->pos++;
    (void)skip_space(j);
    return OK;
}

static bool all_digits(const char *text)
{
    return text[0] && text[strspn(text, "0123456789")] == '\0';
}

/* By value, without a limit on the digits: leading zeros aside, the longer number is the larger. */
static int by_number(const void *a, const void *b)
{
    const struct json_row_place *x = a, *y = b;
    const char *m = x->key + strspn(x->key, "0"), *n = y->key + strspn(y->key, "0");
    size_t m_len = strlen(m), n_len = strlen(n);
    int order = m_len != n_len ? (m_len < n_len ? -1 : 1) : strcmp(m, n);
    return order ? order : (x->order < y->order ? -1 : x->order > y->order);
}

static int by_key(const void *a, const void *b)
{
    const struct json_row_place *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->order < y->order ? -1 : x->order > y->order);
}

static int by_order(const void *a, const void *b)
{
    const struct json_row_place *x = a, *y = b;
    return x->order < y->order ? -1 : x->order > y->order;
}

static enum err sort_places(struct json_rows *j, struct error *e)
{
    bool numbers = true;
    if (j->place_count == 0)
        return OK;
    qsort(j->place, j->place_count, sizeof(*j->place), by_key);
    for (size_t i = 0; i < j->place_count; i++) {
        numbers = numbers && all_digits(j->place[i].key);
        if (i > 0 && strcmp(j->place[i - 1].key, j->place[i].key) == 0)
            return error_set(e, ERR_SYNTAX, "%s:%lld: the key is there already, at line %lld: '%.80s'", j->in->name,
                             (long long)j->place[i].line, (long long)j->place[i - 1].line, j->place[i].key);
    }
    qsort(j->place, j->place_count, sizeof(*j->place), numbers ? by_number : by_order);
    return OK;
}

/* Reads the whole object once and notes where its values are. */
static enum err index_object(struct json_rows *j, struct error *e)
{
    bool more = skip_space(j) != '}';
    if (!more)
        j->in->pos++;
    while (more) {
        struct json_row_place place = { .order = j->place_count };
        enum err err = read_key(j, &place.key, e);
        if (err != OK)
            return err;
        place.offset = file_reader_offset(j->in);
        err = cut_value(j, e);
        if (err != OK)
            return err;
        place.line = j->line;
        place.len = j->record.len;
        j->place = vec_grow(j->place, j->place_count, &j->place_cap, sizeof(*j->place));
        j->place[j->place_count++] = place;
        err = read_separator(j, '}', &more, e);
        if (err != OK)
            return err;
    }
    enum err err = expect_end(j, e);
    if (err != OK)
        return err;
    j->state = JSON_ROWS_OBJECT;
    return sort_places(j, e);
}

static enum err start(struct json_rows *j, struct error *e)
{
    int c = skip_space(j);
    if (c != '[' && c != '{')
        return syntax(j, e, c < 0 ? "the file is empty; expected a JSON array or object" : "expected a JSON array or object of records");
    j->in->pos++;
    if (c == '{')
        return index_object(j, e);
    j->state = JSON_ROWS_ARRAY;
    if (skip_space(j) == ']') {
        j->in->pos++;
        return expect_end(j, e);
    }
    return OK;
}

/* One element, and what stands behind it: so the end is checked before the caller believes in the last record. */
static enum err next_element(struct json_rows *j, struct error *e)
{
    bool more = false;
    (void)skip_space(j);
    enum err err = cut_value(j, e);
    if (err == OK)
        err = read_separator(j, ']', &more, e);
    if (err == OK && !more)
        err = expect_end(j, e);
    return err;
}

static enum err next_place(struct json_rows *j, struct error *e)
{
    const struct json_row_place *place = &j->place[j->next_place++];
    j->key = place->key;
    j->line = place->line;
    j->offset = place->offset;
    return file_reader_at(j->in, place->offset, place->len, &j->record, e);
}

enum err json_rows_next(struct json_rows *j, bool *ret_more, struct error *e)
{
    enum err err = j->state == JSON_ROWS_START ? start(j, e) : OK;
    if (err != OK)
        return err;
    if (j->state == JSON_ROWS_OBJECT && j->next_place == j->place_count)
        j->state = JSON_ROWS_END;
    if (j->state == JSON_ROWS_END) {
        *ret_more = false;
        return OK;
    }
    err = j->state == JSON_ROWS_ARRAY ? next_element(j, e) : next_place(j, e);
    if (err != OK)
        return err;
    j->text = j->record.buf;
    j->len = j->record.len;
    *ret_more = true;
    return OK;
}

void json_rows_release(struct json_rows *j)
{
    strbuf_release(&j->record);
    free(j->place);
    arena_release(&j->keys);
    *j = (struct json_rows){ .in = NULL };
    strbuf_init(&j->record, MAX_RECORD_BYTES);
}
