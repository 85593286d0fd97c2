/*
 * GET /api/runs/{run}/texts: the texts of a page of trials, for a search that the browser makes.
 *
 * A pattern is the browser's business: it is in JavaScript's syntax, as in a report's page, and one that would never end is ended there,
 * with its worker, while a thread of this server would be lost to it. So the texts go there: at most PAGE_TRIALS trials, and no further
 * one once there are PAGE_BYTES.
 */
#include "base/json.h"
#include "base/json_member.h"
#include "store/reader.h"
#include "store/trial_lookup.h"
#include "view/kept_reply.h"
#include "view/rows_query.h"

#include <string.h>

enum { PAGE_TRIALS = 512, PAGE_BYTES = 1 << 20 };

struct texts_query {
    int64_t from; /* counts the run's trials in the order of the columns */
    unsigned scopes;
};

static enum err read_query(const struct view_request *r, struct texts_query *ret_q, struct error *e)
{
    struct texts_query q = { 0 };
    bool in_id = false;
    enum err rc = OK;
    for (size_t i = 0; i < r->argument_count && rc == OK; i++) {
        const struct view_argument *x = &r->argument[i];
        if (strcmp(x->name, "from") == 0)
            rc = rows_query_number(x, INT32_MAX, &q.from, e);
        else if (strcmp(x->name, "in") == 0)
            rc = rows_query_scope(x, &q.scopes, &in_id, e);
        else
            rc = error_set(e, ERR_INVALID, "'%.40s' is nothing that texts can be asked for by", x->name);
    }
    if (rc == OK && q.scopes == 0)
        return error_set(e, ERR_INVALID, "in: prompt, answer or rationale is needed");
    if (rc == OK)
        *ret_q = q;
    return rc;
}

/* ---- one trial ---- */

struct page {
    cJSON *texts; /* of the trial at hand */
    size_t bytes;
};

static void add_text(struct page *p, const char *text, size_t len)
{
    cJSON_AddItemToArray(p->texts, cJSON_CreateString(text));
    p->bytes += len;
}

/* Votes that are no list are somebody else's: they hold nothing that the page would show. */
static void take_text(const char *text, size_t len, bool votes, void *context)
{
    struct page *p = context;
    const cJSON *vote;
    if (!votes) {
        add_text(p, text, len);
        return;
    }
    CLEANUP(json_freep) cJSON *list = json_parse_lenient(text, len, NULL, NULL);
    cJSON_ArrayForEach(vote, list)
    {
        const char *words = json_string(vote, "explanation");
        if (words)
            add_text(p, words, strlen(words));
    }
}

static enum err add_trial(const struct view_call *c, int64_t trial_id, unsigned scopes, struct page *p, cJSON *trials, struct error *e)
{
    cJSON *item = cJSON_CreateObject();
    json_member_int(item, "trial", true, trial_id);
    p->texts = cJSON_AddArrayToObject(item, "texts");
    enum err rc = store_trial_texts(c->reader->store, trial_id, scopes, take_text, p, e);
    if (rc == OK && p->texts->child)
        cJSON_AddItemToArray(trials, item);
    else
        cJSON_Delete(item);
    return rc;
}

/* ---- the page ---- */

static enum err add_page(const struct view_call *c, const struct kept_value *kept, const void *query, struct view_reply *r, cJSON *document,
                         struct error *e)
{
    const struct run_rows *rows = kept->value;
    const struct texts_query *q = query;
    (void)r;
    struct page page = { 0 };
    size_t total = rows->rows.trial_count, from = (size_t)q->from < total ? (size_t)q->from : total, at = from;
    cJSON *trials = cJSON_AddArrayToObject(document, "trials");
    enum err rc = OK;
    for (; at < total && at < from + PAGE_TRIALS && page.bytes < PAGE_BYTES && rc == OK; at++) {
        const struct browser_trial *t = &rows->rows.trial[at];
        if (!run_rows_withheld(rows, t))
            rc = add_trial(c, t->id, q->scopes, &page, trials, e);
    }
    json_member_int(document, "trials_total", true, (int64_t)total);
    json_member_int(document, "next", at < total, (int64_t)at);
    return rc;
}

enum err texts_api_page(const struct view_call *c, struct view_reply *r, struct error *e)
{
    struct texts_query q = { 0 };
    if (read_query(c->request, &q, e) != OK)
        return e->code;
    return kept_reply(c, add_page, &q, r, e);
}
