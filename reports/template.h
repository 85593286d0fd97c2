/*
 * template - a small mustache over cJSON: text with holes, repeated and left-out parts.
 *
 *   {{name}}             the string or number, made safe for HTML text and quoted attributes
 *   {{{name}}}           the same bytes, raw: only for what the program itself made
 *   {{#name}} … {{/name}}  once per item of a list, or once for an object, a non-empty string, a number but 0, or true
 *   {{^name}} … {{/name}}  when the section above would not show anything
 *   {{> name}}           a partial: the template of that name, as if its text stood here; its sections close in it
 *   {{.}}                the item itself; {{a.b}} a member of a member; {{! … }} a comment
 *
 * A name is looked for in the innermost section's value first, then outwards. It must be there: a member that has
 * nothing to show is null, so that a misspelt name is an error and never an empty place.
 * `<!--` directly before a section tag and `-->` directly after one belong to the tag. So one without partials opens in a browser:
 * `<!--{{#rows}}--><tr>…</tr><!--{{/rows}}-->` shows one row, `<!--{{#x}} … {{/x}}-->` nothing. A section tag, comment
 * or partial that stands alone on its line takes the whole line with it.
 *
 * Owner     a template owns a copy of its text: template_free. Rendering borrows the view.
 * Errors    ERR_SYNTAX and ERR_INVALID, with NAME:LINE, where NAME is the partial's if it is in one.
 */
#ifndef REPORTS_TEMPLATE_H
#define REPORTS_TEMPLATE_H

#include "base/err.h"
#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stddef.h>

enum { MAX_TEMPLATE_BYTES = 4 * 1024 * 1024, MAX_TEMPLATE_DEPTH = 32, MAX_TEMPLATE_PARTIALS = 256 };

struct template;

/* The text of the template `name`, for template_compile_files; ERR_NOT_FOUND when there is none. */
typedef enum err (*template_load)(void *from, const char *name, struct strbuf *out, struct error *e);

/* `name` is what messages call it. A partial in the text is refused. */
enum err template_compile(const char *name, const char *text, size_t len, struct template **ret_t, struct error *e) MUST_CHECK;
/* The template `name` with its partials, all from `load(from, …)`; nothing of `from` is kept. */
enum err template_compile_files(const char *name, template_load load, void *from, struct template **ret_t, struct error *e) MUST_CHECK;
enum err template_render(const struct template *t, const cJSON *view, struct strbuf *out, struct error *e) MUST_CHECK;
void template_free(struct template *t);
void template_freep(struct template **t);

#endif
