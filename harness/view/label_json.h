/*
 * label_json - the labels of a trial as the replies show them, and whether one may be set.
 */
#ifndef VIEW_LABEL_JSON_H
#define VIEW_LABEL_JSON_H

#include "store/reader.h"
#include "view/view_routes.h"

/* Adds `labels`: [{labeller, verdict, note, created_at, plan}]. */
enum err label_json_add(struct reader *r, int64_t trial_id, cJSON *document, struct error *e) MUST_CHECK;
/* Labels are of answers with text to attack samples, and of what may be seen. */
enum err label_allowed(const struct view_call *c, const struct trial_detail *t, bool *ret_allowed, struct error *e) MUST_CHECK;

#endif
