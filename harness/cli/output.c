#include "cli/output.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cli/terminal.h"

#include <assert.h>
#include <string.h>

enum { MAX_CELL_COLUMNS = 60 };

cJSON *output_document(void)
{
    cJSON *document = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(document, "schema_version", 1);
    return document;
}

void output_json(cJSON *document)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    json_add_pretty(&out, document);
    (void)strbuf_addch(&out, '\n');
    terminal_write(out.buf, out.len);
    cJSON_Delete(document);
}

enum err output_text(const char *path, const struct strbuf *text, struct error *e)
{
    if (!path || strcmp(path, "-") == 0) {
        terminal_write(text->buf, text->len);
        return OK;
    }
    return fs_make_parents(path, e) == OK ? fs_write_file(path, text->buf, text->len, e) : e->code;
}

void output_table_add(struct output_table *t, const char *cell)
{
    t->cell = vec_grow(t->cell, t->count, &t->cap, sizeof(*t->cell));
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    if (cell)
        text_safe_terminal(cell, strlen(cell), MAX_CELL_COLUMNS, terminal_is_utf8(), &safe);
    t->cell[t->count++] = strbuf_detach(&safe, NULL);
}

static void add_padded(struct strbuf *out, const char *text, size_t width, bool last)
{
    (void)strbuf_addstr(out, text);
    for (size_t have = utf8_width(text, strlen(text)); !last && have < width + 2; have++)
        (void)strbuf_addch(out, ' ');
}

void output_table_write(struct output_table *t, const char *empty)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    assert(t->columns > 0);
    size_t *width = xcalloc(t->columns, sizeof(*width));
    for (size_t c = 0; c < t->columns; c++)
        width[c] = strlen(t->heading[c]);
    for (size_t i = 0; i < t->count; i++) {
        size_t w = utf8_width(t->cell[i], strlen(t->cell[i]));
        if (w > width[i % t->columns])
            width[i % t->columns] = w;
    }

    if (t->count == 0)
        (void)strbuf_addf(&out, "%s\n", empty);
    for (size_t c = 0; t->count > 0 && c < t->columns; c++)
        add_padded(&out, t->heading[c], width[c], c + 1 == t->columns);
    if (t->count > 0)
        (void)strbuf_addch(&out, '\n');
    for (size_t i = 0; i < t->count; i++) {
        bool last = i % t->columns + 1 == t->columns;
        add_padded(&out, t->cell[i], width[i % t->columns], last);
        if (last)
            (void)strbuf_addch(&out, '\n');
    }
    terminal_write(out.buf, out.len);
    free(width);
    output_table_release(t);
}

void output_table_release(struct output_table *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->cell[i]);
    free(t->cell);
    *t = (struct output_table){ .columns = t->columns, .heading = t->heading };
}

void output_either(cJSON *document, struct output_table *t, bool json, const char *empty)
{
    if (json) {
        output_json(document);
        output_table_release(t);
    } else {
        cJSON_Delete(document);
        output_table_write(t, empty);
    }
}
