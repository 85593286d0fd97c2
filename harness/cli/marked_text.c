#include "cli/marked_text.h"

#include <assert.h>
#include <string.h>

static const struct marked_line *find(const char *text, size_t len, const struct marked_line *line, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(line[i].mark) == len && memcmp(line[i].mark, text, len) == 0)
            return &line[i];
    }
    return NULL;
}

void marked_text_write(const char *text, const struct marked_line *line, size_t count, struct strbuf *out)
{
    size_t found = 0;
    while (*text) {
        const char *end = strchr(text, '\n');
        size_t len = end ? (size_t)(end - text) : strlen(text);
        const struct marked_line *mark = find(text, len, line, count);
        assert(mark || text[0] != '@');
        if (mark) {
            mark->write(out);
            found++;
        } else {
            (void)strbuf_add(out, text, len);
            (void)strbuf_addch(out, '\n');
        }
        text += len + (end != NULL);
    }
    assert(found == count);
    (void)found;
}
