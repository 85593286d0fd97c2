/*
 * marked_text - a text with lines like @OPTIONS@ in it, each of which gives way to what a function writes.
 *
 * For the man page and the completions: prose and code that people write, with the tables that the program knows.
 */
#ifndef CLI_MARKED_TEXT_H
#define CLI_MARKED_TEXT_H

#include "base/strbuf.h"

struct marked_line {
    const char *mark; /* "@OPTIONS@": a whole line */
    void (*write)(struct strbuf *out);
};

/* Appends `text`. Every mark stands in it, and no other line that begins with @: asserted. */
void marked_text_write(const char *text, const struct marked_line *line, size_t count, struct strbuf *out);

#endif
