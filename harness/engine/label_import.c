#include "engine/label_import.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "core/limits.h"
#include "engine/labelled_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One labelled row of the file. */
struct entry {
    struct label_row row;
    int64_t line;
};

struct importing {
    struct store *store;
    const struct label_import *import;
    struct arena *a;
    struct label_imported done;
    struct entry *entry; /* of the heap */
    size_t count, cap;
};

/* ---- Encoding ---- */

static int64_t line_of(const char *text, size_t offset)
{
    int64_t line = 1;
    for (const char *at = text; (at = memchr(at, '\n', offset - (size_t)(at - text))); at++)
        line++;
    return line;
}

/* Spreadsheets write UTF-16 or a code page when they are not told otherwise; a repaired name would be another labeller. */
static enum err check_encoding(const char *path, struct error *e)
{
    struct fs_map map;
    if (fs_map_file(path, MAX_LABEL_FILE_BYTES, &map, e) != OK)
        return e->code;
    const char *text = (const char *)map.bytes;
    size_t bad = 0;
    enum err rc = OK;
    if (map.len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        rc = error_set(e, ERR_SYNTAX, "%s:1: the file is UTF-16; save it as UTF-8", path);
    else if (map.len > 0 && !utf8_valid(text, map.len, &bad))
        rc = error_set(e, ERR_SYNTAX, "%s:%lld: byte 0x%02x is not UTF-8; save the file as UTF-8", path, (long long)line_of(text, bad),
                       (unsigned)(unsigned char)text[bad]);
    fs_unmap(&map);
    return rc;
}

/* ---- One row ---- */

/* A column's text, "" when it is absent or null; a whole number of JSON is its digits. */
static const char *text_of(struct importing *m, const cJSON *record, const char *column)
{
    const cJSON *value = json_get(record, column);
    if (cJSON_IsNumber(value)) {
        struct strbuf digits = STRBUF_INIT;
        json_add_number(&digits, value->valuedouble);
        const char *text = arena_strdup(m->a, digits.buf);
        strbuf_release(&digits);
        return text;
    }
    return cJSON_IsString(value) ? arena_strdup(m->a, value->valuestring) : "";
}

#define FAIL(line, ...) row_error(m, line, e, __VA_ARGS__)
PRINTF_LIKE(4, 5)
static enum err row_error(const struct importing *m, int64_t line, struct error *e, const char *format, ...)
{
    char why[320];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(why, sizeof(why), format, list);
    va_end(list);
    return error_set(e, ERR_INVALID, "%s:%lld: %s", m->import->path, (long long)line, why);
}

static enum err check_columns(const struct importing *m, const cJSON *record, int64_t line, struct error *e)
{
    static const char *const needed[] = { "trial", "answer_sha256", "verdict" };
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        if (!cJSON_GetObjectItemCaseSensitive(record, needed[i]))
            return FAIL(line, "there is no column '%s'; `gauntlet label export` writes it", needed[i]);
    }
    return OK;
}

static enum err read_trial(struct importing *m, const cJSON *record, int64_t line, struct label_row *row, struct error *e)
{
    const char *text = text_of(m, record, "trial");
    char *end;
    errno = 0;
    row->trial_id = strtoll(text, &end, 10);
    if (errno || end == text || *end || row->trial_id < 1)
        return FAIL(line, "'%.40s' is no trial", text);

    CLEANUP(arena_release) struct arena own = ARENA_INIT;
    struct label_answer answer;
    enum err rc = store_label_answer(m->store, row->trial_id, &own, &answer, e);
    if (rc == ERR_NOT_FOUND)
        return FAIL(line, "the store has no trial %lld with an answer", (long long)row->trial_id);
    if (rc != OK)
        return rc;
    if (strcmp(answer.run_id, m->import->run_id) != 0)
        return FAIL(line, "trial %lld is of run %s, not of %s", (long long)row->trial_id, answer.run_id, m->import->run_id);
    if (strcmp(text_of(m, record, "answer_sha256"), sha256_of(answer.text, answer.len).text) != 0)
        return FAIL(line, "answer_sha256 is not that of trial %lld's answer: another answer was labelled", (long long)row->trial_id);
    return OK;
}

static enum err read_labeller(struct importing *m, const cJSON *record, int64_t line, struct label_row *row, struct error *e)
{
    row->labeller = text_of(m, record, "labeller");
    if (row->labeller[0] == '\0')
        row->labeller = m->import->labeller ? m->import->labeller : "";
    if (row->labeller[0] == '\0')
        return FAIL(line, "no labeller; fill the column, or give --labeller NAME");
    if (strlen(row->labeller) > MAX_LABELLER_BYTES)
        return FAIL(line, "the labeller's name is longer than %d bytes", MAX_LABELLER_BYTES);
    for (const char *c = row->labeller; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return FAIL(line, "the labeller's name has a control character");
    }
    return OK;
}

static enum err read_probability(struct importing *m, const cJSON *record, int64_t line, struct label_row *row, struct error *e)
{
    const char *text = text_of(m, record, "inclusion_probability");
    row->inclusion_probability = -1;
    if (text[0] == '\0')
        return OK;
    char *end;
    double p = strtod(text, &end);
    if (end == text || *end || !(p > 0 && p <= 1))
        return FAIL(line, "inclusion_probability '%.40s' is not above 0 and at most 1", text);
    row->inclusion_probability = p;
    return OK;
}

static enum err read_plan(struct importing *m, const cJSON *record, int64_t line, struct label_row *row, struct error *e)
{
    const char *text = text_of(m, record, "plan");
    row->plan = LABEL_UNKNOWN;
    if (text[0] && !label_plan_parse(text, &row->plan))
        return FAIL(line, "'%.40s' is no plan: random, stratified, disagreement, picked or unknown", text);
    return OK;
}

static enum err take(const cJSON *record, int64_t line, void *context, struct error *e)
{
    struct importing *m = context;
    struct label_row row = { 0 };
    if (m->done.rows++ == 0 && check_columns(m, record, line, e) != OK)
        return e->code;
    const char *verdict = text_of(m, record, "verdict");
    if (read_trial(m, record, line, &row, e) != OK)
        return e->code;
    if (verdict[0] == '\0') {
        m->done.empty++;
        return OK;
    }
    if (!verdict_parse(verdict, &row.verdict))
        return FAIL(line, "'%.40s' is no verdict: complied, partial, refused, deflected or unscored", verdict);
    if (read_labeller(m, record, line, &row, e) != OK || read_probability(m, record, line, &row, e) != OK ||
        read_plan(m, record, line, &row, e) != OK)
        return e->code;
    row.note = text_of(m, record, "note");
    if (strlen(row.note) > MAX_LABEL_NOTE_BYTES)
        return FAIL(line, "the note is longer than %d bytes", MAX_LABEL_NOTE_BYTES);
    m->done.unfit += row.plan == LABEL_DISAGREEMENT || row.plan == LABEL_PICKED;
    m->done.unknown_draw += row.plan == LABEL_UNKNOWN;
    m->entry = vec_grow(m->entry, m->count, &m->cap, sizeof(*m->entry));
    m->entry[m->count++] = (struct entry){ row, line };
    return OK;
}

/* ---- All rows ---- */

static int by_labeller(const void *left, const void *right)
{
    const struct entry *l = left, *r = right;
    int c = strcmp(l->row.labeller, r->row.labeller);
    if (c == 0)
        c = (l->row.trial_id > r->row.trial_id) - (l->row.trial_id < r->row.trial_id);
    return c ? c : (l->line > r->line) - (l->line < r->line);
}

static int by_line(const void *left, const void *right)
{
    const struct entry *l = left, *r = right;
    return (l->line > r->line) - (l->line < r->line);
}

/* Keeps one of equal rows; the rest is in the file's order again, so that the first wrong line is the one named. */
static enum err drop_repeated(struct importing *m, struct error *e)
{
    if (m->count == 0)
        return OK;
    qsort(m->entry, m->count, sizeof(*m->entry), by_labeller);
    size_t kept = 1;
    m->done.labellers = 1;
    for (size_t i = 1; i < m->count; i++) {
        const struct entry *last = &m->entry[kept - 1], *now = &m->entry[i];
        bool same_labeller = strcmp(last->row.labeller, now->row.labeller) == 0;
        if (same_labeller && last->row.trial_id == now->row.trial_id) {
            if (last->row.verdict != now->row.verdict)
                return FAIL(now->line, "'%.60s' labelled trial %lld before, in line %lld, as %s", now->row.labeller,
                            (long long)now->row.trial_id, (long long)last->line, verdict_name(last->row.verdict));
            m->done.repeated++;
            continue;
        }
        m->done.labellers += !same_labeller;
        m->entry[kept++] = *now;
    }
    m->count = kept;
    qsort(m->entry, m->count, sizeof(*m->entry), by_line);
    return OK;
}

static enum err put(struct importing *m, struct entry *entry, int64_t now_us, struct error *e)
{
    bool found;
    enum verdict before = VERDICT_UNSCORED;
    if (store_label_find(m->store, entry->row.trial_id, entry->row.labeller, &found, &before, e) != OK)
        return e->code;
    bool equal = found && before == entry->row.verdict;
    if (found && !equal && !m->import->force)
        return FAIL(entry->line, "'%.60s' has labelled trial %lld as %s already; --force replaces it", entry->row.labeller,
                    (long long)entry->row.trial_id, verdict_name(before));
    *(equal ? &m->done.unchanged : found ? &m->done.updated : &m->done.added) += 1;
    if (m->import->dry_run || (equal && !m->import->force))
        return OK;
    entry->row.created_at = now_us;
    return store_label_put(m->store, &entry->row, e);
}

static enum err put_all(struct importing *m, int64_t now_us, struct error *e)
{
    enum err rc = drop_repeated(m, e);
    for (size_t i = 0; rc == OK && i < m->count; i++)
        rc = put(m, &m->entry[i], now_us, e);
    return rc;
}

enum err label_import(struct store *s, const struct label_import *import, const struct clock *clock, struct arena *a,
                      struct label_imported *ret_done, struct error *e)
{
    struct importing m = { .store = s, .import = import, .a = a };
    if (check_encoding(import->path, e) != OK || store_begin(s, e) != OK)
        return e->code;
    enum err rc = labelled_file_each(import->path, take, &m, e);
    if (rc == OK)
        rc = put_all(&m, clock_wall_us(clock), e);
    if (rc == OK)
        rc = store_commit(s, e);
    if (rc != OK)
        store_rollback(s);
    free(m.entry);
    if (rc == OK)
        *ret_done = m.done;
    return rc;
}
