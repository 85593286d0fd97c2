/*
 * mdoc_text - plain text as `gauntlet help` shows it, in the language of man pages (mdoc).
 *
 * Paragraphs stay paragraphs, lines that begin with two spaces are shown as they are, `words` and --options are bold, and each
 * sentence has a line of its own. Nothing in the text is taken for a request or an escape.
 */
#ifndef CLI_MDOC_TEXT_H
#define CLI_MDOC_TEXT_H

#include "base/strbuf.h"

void mdoc_text(const char *text, struct strbuf *out);
/* One character; returns how many bytes of `text` it took. bold: a hyphen is one that can be pasted into a shell. */
size_t mdoc_character(const char *text, bool bold, struct strbuf *out);

#endif
