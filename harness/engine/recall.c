#include "engine/recall.h"

#include "engine/apart.h"
#include "engine/judging.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_TRIALS = 64 };

static enum err next_page(struct pipeline *p, struct store *reader, struct lane *lane, struct recall *r, struct error *e)
{
    recall_release(r);
    struct trial_page *page = xcalloc(1, sizeof(*page));
    atomic_store(&page->references, 1); /* ours */
    r->page = page;
    r->next = 0;
    enum err rc =
        store_unscored_page(reader, &lane->row, r->after_trial_id, PAGE_TRIALS, p->retry_judges, &page->arena, &r->answered, &r->count, e);
    if (rc != OK || r->count == 0) {
        r->count = 0;
        r->dry = true;
        recall_release(r);
        return rc;
    }
    r->after_trial_id = r->answered[r->count - 1].trial_id;
    return OK;
}

/* Which verdicts are there, and which of those are to be replaced. */
static enum err mark_verdicts(struct pipeline *p, struct store *reader, struct trial *t, struct judging *j, struct error *e)
{
    struct given_verdict *given;
    size_t count;
    if (store_verdict_list(reader, t->pending->trial_id, &t->arena, &given, &count, e) != OK)
        return e->code;
    bool *done = arena_array(&t->arena, p->scorer_count, sizeof(*done)), *redo = arena_array(&t->arena, p->scorer_count, sizeof(*redo));
    for (size_t i = 0; i < p->scorer_count; i++) {
        for (size_t k = 0; k < count; k++) {
            if (given[k].scorer_id != p->scorer_id[i])
                continue;
            redo[i] = p->retry_judges && strcmp(given[k].reason, "judge_error") == 0;
            done[i] = !redo[i];
        }
    }
    j->apart = apart_before(given, count);
    j->done = done;
    j->redo = redo;
    return OK;
}

/* What judges were asked about it before, and what they said. */
static enum err read_questions(struct store *reader, struct trial *t, struct judging *j, struct error *e)
{
    struct judge_question *asked;
    if (store_judge_question_list(reader, t->pending->trial_id, &t->arena, &asked, &j->asked_count, e) != OK)
        return e->code;
    struct stored_reply *reply = arena_array(&t->arena, j->asked_count, sizeof(*reply));
    for (size_t i = 0; i < j->asked_count; i++) {
        if (asked[i].answered && store_judge_reply_get(reader, asked[i].attempt_id, &t->arena, &reply[i], e) != OK)
            return e->code;
    }
    j->asked = asked;
    j->reply = reply;
    return OK;
}

enum err recall_next(struct pipeline *p, struct store *reader, struct image_source *images, struct lane *lane, struct recall *r,
                     struct trial **ret_t, struct error *e)
{
    *ret_t = NULL;
    if (!r->dry && r->next == r->count && next_page(p, reader, lane, r, e) != OK)
        return e->code;
    if (r->dry)
        return OK;

    const struct answered_trial *found = &r->answered[r->next++];
    struct pending_trial own = { .trial_id = found->trial_id };
    struct trial *t = trial_new(lane, r->page, &own);
    struct pending_trial *pending = arena_alloc(&t->arena, sizeof(*pending));
    *pending = (struct pending_trial){
        .trial_id = found->trial_id, .sample_id = found->sample_id, .image_sha256 = found->image_sha256, .sample = found->sample
    };
    t->pending = pending;
    t->recalled = true;
    t->facts.answer = found->answer;
    t->decision = (struct trial_decision){ .event = TRIAL_EV_FINAL, .status = found->status, .reason = "" };
    t->judging = judging_new(p, t);
    enum err rc = mark_verdicts(p, reader, t, t->judging, e);
    if (rc == OK)
        rc = read_questions(reader, t, t->judging, e);
    if (rc == OK && p->judges_see_images && pending->sample.image_count > 0) {
        struct chat_image *image = arena_array(&t->arena, pending->sample.image_count, sizeof(*image));
        (void)request_load_images(t, images, image); /* a judge that gets none says so */
    }
    if (rc != OK) {
        trial_free(t);
        return rc;
    }
    trial_advance(t, TRIAL_EV_RECALL);
    *ret_t = t;
    return OK;
}

void recall_release(struct recall *r)
{
    trial_page_release(r->page);
    r->page = NULL;
}
