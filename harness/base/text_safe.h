/*
 * text_safe - untrusted text on its way to a terminal, a page, a table or a log.
 *
 * Everything that came from a model, a data set, a server or a file name is hostile. It is stored raw and made safe
 * here, once, at the sink (report.md section 8, whose test vectors are this room's table test). All functions append.
 */
#ifndef BASE_TEXT_SAFE_H
#define BASE_TEXT_SAFE_H

#include "base/strbuf.h"

/* One-line terminal field: escape sequences, C0, C1 and bidirectional controls are removed, line ends become a space.
   max_columns > 0 cuts by width with "…" (or "..." when !unicode). `##[` and the like are broken as below, and so is `::` at the
   start: the field may begin a line of a CI log. */
void text_safe_terminal(const char *text, size_t len, size_t max_columns, bool unicode, struct strbuf *out);
/* Multi-line terminal text: LF stays, every line gets `prefix` (for CI logs "| "; may be ""), `##[`, `##vso[` and
   `##teamcity[` are broken; without a prefix `::` at the start of a line, too. */
void text_safe_lines(const char *text, size_t len, const char *prefix, struct strbuf *out);
/* HTML text and quoted attributes. */
void text_safe_html(const char *text, size_t len, struct strbuf *out);
/* HTML with invisible and bidirectional characters shown as [U+202E]; returns how many there were. */
size_t text_safe_html_visible(const char *text, size_t len, struct strbuf *out);
/* A quoted CSV cell of text (formula rule of report.md 8.5); raw = only RFC 4180 quoting. */
void text_safe_csv(const char *text, size_t len, bool raw, struct strbuf *out);
/* XML 1.0 character data and attributes: what XML cannot hold is dropped. */
void text_safe_xml(const char *text, size_t len, struct strbuf *out);
/* Markdown table cell: one line, no table, code, HTML, link or @mention is made. */
void text_safe_markdown(const char *text, size_t len, struct strbuf *out);
/* JSON text that goes into a <script> block of a page: <, > and & become \u003c, \u003e and \u0026. */
void text_safe_json_block(const char *json, size_t len, struct strbuf *out);
/* The first rule of every sink, alone: invalid UTF-8 becomes U+FFFD and NUL becomes U+2400. */
void text_safe_decode(const char *text, size_t len, struct strbuf *out);
/* A file name made from an id: [A-Za-z0-9._-], at most 100 bytes, no leading dot, never empty. */
void text_safe_filename(const char *text, size_t len, struct strbuf *out);

#endif
