/*
 * view_routes - path and method → the function that answers.
 *
 * A path is words and numbers: nothing of it ever reaches the file system. To add an answer: a line in the table of
 * view_routes.c and a function of this kind in the file of its topic.
 */
#ifndef VIEW_VIEW_ROUTES_H
#define VIEW_VIEW_ROUTES_H

#include "view/view_path.h"
#include "view/view_server.h"

void view_routes_answer(struct view *v, const struct view_request *q, struct view_reply *r);

struct view_call {
    struct view *view;
    struct reader *reader; /* for this request */
    const struct view_request *request;
    struct view_place place;
};
/* Fills the reply, or fails: then the error becomes the reply. */
typedef enum err view_answer_fn(const struct view_call *c, struct view_reply *r, struct error *e);

view_answer_fn pages_runs, pages_run, pages_report, pages_style, pages_script, pages_search, pages_icon; /* pages.c */
view_answer_fn run_api_list, run_api_status, run_api_summary, run_api_session;                           /* run_api.c */
view_answer_fn browser_api_meta, browser_api_columns, browser_api_names, browser_api_body;               /* browser_api.c */
view_answer_fn rows_api_page;                                                                            /* rows_api.c */
view_answer_fn texts_api_page;                                                                           /* texts_api.c */
view_answer_fn trial_api_detail, trial_api_image;                                                        /* trial_api.c */
view_answer_fn label_api_list, label_api_set, label_api_undo;                                            /* label_api.c */

/* The list of what is withheld of a run. */
enum err view_redact_of(const struct view_call *c, const char *run_id, struct redact_list *ret_list, struct error *e) MUST_CHECK;

#endif
