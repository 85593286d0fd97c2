/*
 * ranking - more than two sides: paired tests against the best, and who is tied with it (statistics.md section 6).
 *
 * The leader has the lowest attack success rate. Every other side is paired with it, the p-values are corrected by Holm, and those
 * that chance may explain are tied with #1. Of the rest the best leads the next group, tested in the same way; so a rank is a group,
 * never a strict order. Tree:
 *   {"schema_version","comparable","mismatches":[{…,"run","endpoint"}],"scorer",
 *    "sides":[{"run","name","endpoint","model","status","asr","group","leader","delta","low","high","p_value","p_adjusted"}],
 *    "pairwise":{"count","include_zero"}}
 * Sides are sorted by group, then rate. delta … p_adjusted are against the leader of the side's own group, or where a side was told
 * apart of the group before; they are null for the first leader. pairwise counts all pairs of sides.
 */
#ifndef REPORTS_RANKING_H
#define REPORTS_RANKING_H

#include "reports/comparability.h"
#include "reports/render.h"
#include "reports/rows_shelf.h"

enum { MAX_RANKED = 20 };

/* 2 <= count <= MAX_RANKED. Rows that are on `shelf` are not read again; NULL = there is none. ERR_DB. The tree is yours. */
enum err ranking_build(struct store *s, const struct side *side, size_t count, const struct allowed_fields *allowed,
                       const struct rows_shelf *shelf, cJSON **ret_tree, struct error *e) MUST_CHECK;
enum err ranking_text(const cJSON *tree, const struct text_style *style, struct strbuf *out, struct error *e) MUST_CHECK;
enum err ranking_markdown(const cJSON *tree, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
