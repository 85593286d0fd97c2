/*
 * view_compare - parts that the comparison and the banner share: differences in the page's typography.
 */
#ifndef REPORTS_VIEW_COMPARE_H
#define REPORTS_VIEW_COMPARE_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* `delta`: "+5.9" with a real minus; `delta_bounds`: "[+4.2, +7.7]"; both null when the difference is not known. */
void view_delta(cJSON *object, const cJSON *difference);
/* "+5.9 pp [+4.2, +7.7]" with a no-break space before pp; nothing when it is not known. */
void view_delta_text(const cJSON *difference, struct strbuf *out);
/* `tag`: the word; `tag_symbol` and `tag_ink`: its glyph; `strong`: it is one that decides (regressed, fixed). */
void view_tag(cJSON *object, const char *tag);

/* `change`: {delta, delta_bounds, p and the tag's members} of a cell of the comparison, for a table of rates; null without the cell. */
void view_difference(cJSON *row, const cJSON *cell);
/* The model's comparison of the endpoint `name` with its baseline; NULL = none, or the sides do not compare. */
const cJSON *view_comparison_of(const cJSON *model, const char *name);

#endif
