/*
 * judge_anchor - stored answers judged again at the end of a run: does the judge still say what it said? (statistics.md sections 9, 10)
 *
 * Every judge scorer, with its whole panel and its stand-ins, on the answers of store/judge_anchor_row.h. What it says now stands in
 * table judge_anchor beside what it said then, and changes no verdict. A share of flips above ANCHOR_FLIP_LIMIT is an event of the run.
 *
 * The text is that of the scorer's channel, from the stored answer. Judges that look at images see the sample's again, from where the
 * data set lies: files are never copied into the store. An answer whose image is gone, or no longer has the hash that was stored, is left
 * out, recorded with the reason, and told.
 *
 * Threads   judge_anchor_ask: the loader, when no trial is alive. judge_anchor_write: the journal. judge_anchor_done: whoever drops
 *           the last hold.
 */
#ifndef ENGINE_JUDGE_ANCHOR_H
#define ENGINE_JUDGE_ANCHOR_H

#include "engine/pipeline.h"
#include "store/judge_anchor_row.h"

/* What an answer was, in the canary that asks about it again. */
struct anchor {
    int64_t trial_id;
    enum verdict before;
    const char *run_id; /* whose answer it is */
};

/* Asks, waits until all have answered or the run stops, and says what came of it. */
enum err judge_anchor_ask(struct pipeline *p, struct store *reader, struct error *e) MUST_CHECK;
enum err judge_anchor_write(struct pipeline *p, const struct trial *t, struct error *e) MUST_CHECK;
void judge_anchor_done(struct pipeline *p, const struct trial *t);

#endif
