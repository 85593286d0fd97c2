/*
 * html_view - the model as the page shows it: the tree that reports/templates/report.html is filled from.
 *
 * Every number is written here and nowhere in the template. Members that have nothing to show are null, so that the
 * template's names can be strict. The parts, one file each, add to the page (root) or to one endpoint of it.
 */
#ifndef REPORTS_HTML_VIEW_H
#define REPORTS_HTML_VIEW_H

#include <cjson/cJSON.h>

/* The tree is yours: cJSON_Delete. Never NULL. */
cJSON *html_view_build(const cJSON *model);

/* view_banner.c: `banner`: the sentence, the checks, where to look next. */
void view_add_banner(const cJSON *model, cJSON *view);
/* view_next.c: of the banner: `highest_categories`, `highest_attacks`, and what to open first. */
void view_add_next(const cJSON *model, cJSON *banner);
/* view_decision.c: of the banner: `decision`, the gate's sentence and rules (null without a gate), and `tone`; a gate's verdict
   replaces the banner's `word` and `symbol`. */
void view_add_decision(const cJSON *model, cJSON *banner);
/* view_provenance.c: `provenance`: what was run, on what, against whom. */
void view_add_provenance(const cJSON *model, cJSON *view);
/* view_copy.c: of the provenance: `json`, what its copy button gives. */
void view_add_copy(const cJSON *model, cJSON *provenance);
/* view_verdicts.c: `verdicts`, the table of all endpoints; and per endpoint `verdict_line`, its row where endpoints are rows. */
void view_add_verdicts(const cJSON *model, cJSON *view);
void view_add_verdict_line(const cJSON *endpoint, cJSON *view);
/* view_summary.c: per endpoint `tiles`, `small_tiles`, `stack`, `baseline`, `identity`. */
void view_add_summary(const cJSON *model, const cJSON *endpoint, cJSON *view);
/* view_tables.c: `heat`, categories × endpoints; per endpoint `categories`. */
void view_add_heat(const cJSON *model, cJSON *view);
void view_add_tables(const cJSON *model, const cJSON *endpoint, cJSON *view);
/* view_multiples.c: `multiples`: a panel per endpoint instead of the heat map, null unless there are more than eight. */
void view_add_multiples(const cJSON *model, cJSON *view);
/* view_ranked.c: `ranked`, attacks and subcategories, highest first. */
void view_add_ranked(const cJSON *model, cJSON *view);
/* view_leaderboard.c: `leaderboard` of the tree of leaderboard.h; null when there is none. */
void view_add_leaderboard(const cJSON *tree, cJSON *view);
/* The view of leaderboard_page.html, a page with nothing but that. Yours. */
cJSON *html_view_leaderboard(const cJSON *tree);
/* view_claims.c: `claims`, numbers that others published of the models. */
void view_add_claims(const cJSON *model, cJSON *view);
/* view_scorers.c: `controls`, the benign samples, and `scorers`, the secondary scorers. */
void view_add_scorers(const cJSON *model, cJSON *view);
/* view_operations.c: `operations`: latency, tokens, cost, HTTP, errors, reasons; `events`. */
void view_add_operations(const cJSON *model, cJSON *view);
/* view_traffic.c: of operations: `histograms` and `throughput`. */
void view_add_traffic(const cJSON *model, cJSON *operations);
/* view_quality.c: `quality`: scorers beside people's labels; without labels, how to get some. */
void view_add_quality(const cJSON *model, cJSON *view);
/* view_compare.c: `compare`: candidate beside baseline; null when the model has no comparison. */
void view_add_compare(const cJSON *model, cJSON *view);
/* view_change_matrix.c: of the comparison: `matrix` and `no_matrix`, as view_matrix.h has them; null of sides that do not compare. */
void view_add_change_matrix(const cJSON *compare, cJSON *json);
/* view_change_tables.c: of the comparison: `tables`, of categories, attacks and subcategories; none when `compare` is NULL. */
void view_add_change_tables(const cJSON *compare, cJSON *json);
/* view_methods.c: `methods`: what the rates leave out, and the seeds. */
void view_add_methods(const cJSON *model, cJSON *view);
/* view_trend.c: `trend`: the nights of the run's suite, null when the model has none. */
void view_add_trend(const cJSON *model, cJSON *view);
/* view_samples.c: per endpoint `sample_parts`. */
void view_add_samples(const cJSON *endpoint, cJSON *view);

#endif
