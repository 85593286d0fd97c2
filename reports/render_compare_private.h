/*
 * render_compare_private - what the terminal table, the Markdown and the page of a comparison share.
 */
#ifndef REPORTS_RENDER_COMPARE_PRIVATE_H
#define REPORTS_RENDER_COMPARE_PRIVATE_H

#include "base/json.h"
#include "base/strbuf.h"

#include <stddef.h>

/* The member, "" when absent. */
static inline const char *compare_word(const cJSON *object, const char *key)
{
    const char *text = json_string(object, key);
    return text ? text : "";
}

/* Of a tag: the glyph that design.md gives it, or its ASCII stand-in. */
const char *compare_glyph(const char *tag, bool unicode);
/* The cells of a table in the order in which they are shown: tested ones first, worst on top. Yours: free. */
const cJSON **compare_sorted(const cJSON *table, size_t *ret_count);
/* "r41", or "r41:baseline" where both sides are one run or the endpoints have different names. As stored: make it safe. */
void compare_side_name(struct strbuf *out, const cJSON *side, const cJSON *other);
/* "3,000 pairs in 420 intents ...": what the overall row stands on. */
void compare_pairs_line(struct strbuf *out, const cJSON *overall);
/* What labels say of the scorer: the corrected difference, and the margin where they scale it; a line each. */
void compare_scorer_lines(struct strbuf *out, const cJSON *tree);

#endif
