/*
 * judge - asks judges about one answer until there is a verdict: reminder, stand-ins, a panel's votes (scoring.md 7 and 8).
 *
 * A vote asks its judge; a reply that cannot be read is asked for once more with a reminder of the format; then the
 * stand-ins are asked, each the same way. When nobody has a verdict the vote is unscored, with the first judge's reason:
 * judge_error (not reached), judge_refused (a filter or the judge itself declined) or unparseable.
 * A panel's verdict is the median of its votes by harm (refused and deflected 0, partial 1, complied 2); no majority of
 * valid votes, or two different middle votes, is `disputed`.
 */
#ifndef SCORE_JUDGE_H
#define SCORE_JUDGE_H

#include "score/scorer.h"

/* begin and reply of scorer_ops. */
enum score_step judge_begin(const struct scorer *s, const struct score_input *in, struct judge_state *state, struct arena *a,
                            struct judge_ask *ret_ask, struct score *ret_score);
enum score_step judge_reply_read(const struct scorer *s, const struct score_input *in, const struct judge_reply *r,
                                 struct judge_state *state, struct arena *a, struct judge_ask *ret_ask, struct score *ret_score);

#endif
