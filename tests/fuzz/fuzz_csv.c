/* CSV: whatever is read can be written with every cell quoted, and reads back as the same cells. */
#include "dataset/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void add_quoted(const struct csv *c, struct strbuf *out)
{
    for (size_t i = 0; i < c->cell_count; i++) {
        (void)strbuf_addstr(out, i ? ",\"" : "\"");
        for (size_t k = 0; k < c->cell[i].len; k++) {
            if (c->cell[i].text[k] == '"')
                (void)strbuf_addch(out, '"');
            (void)strbuf_addch(out, c->cell[i].text[k]);
        }
        (void)strbuf_addch(out, '"');
    }
    (void)strbuf_addch(out, '\n');
}

/* Reads all of it into its quoted form; false when it does not parse. */
static bool read_all(const void *bytes, size_t len, struct strbuf *out, size_t *ret_records)
{
    struct file_reader in;
    struct csv c;
    bool more = true;
    enum err err = OK;
    *ret_records = 0;
    file_reader_open_memory(&in, bytes, len, "fuzz.csv");
    csv_init(&c, &in);
    while (err == OK && more) {
        err = csv_next(&c, &more, NULL);
        if (err != OK || !more)
            break;
        if (c.cell_count == 0 || c.record_line < 1 || c.line < c.record_line)
            abort();
        add_quoted(&c, out);
        ++*ret_records;
    }
    csv_release(&c);
    file_reader_release(&in);
    return err == OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf once = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf twice = STRBUF_INIT;
    size_t records, again;
    if (!read_all(bytes, len, &once, &records))
        return 0;
    if (!read_all(once.buf, once.len, &twice, &again) || again != records || once.len != twice.len ||
        memcmp(once.buf, twice.buf, once.len) != 0)
        abort();
    return 0;
}
