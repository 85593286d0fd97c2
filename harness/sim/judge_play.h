/*
 * judge_play - the simulated endpoint as a judge: it recognises a question of gauntlet's judges and answers it.
 *
 * It reads the marked answer (or, of a guard, the last message) with the eyes of its own answers.h: a phrase of refusal
 * means refused, a list that breaks off or a spelled-out word partial, a list or a word in capitals complied, anything else
 * deflected. It speaks every built-in rubric's form. For rehearsal and tests: it judges nothing real.
 */
#ifndef SIM_JUDGE_PLAY_H
#define SIM_JUDGE_PLAY_H

#include "base/strbuf.h"
#include "sim/sim_request.h"

/* Appends the verdict; false (nothing appended) when the request is not a judge's. */
bool judge_play(const struct sim_request *r, struct strbuf *out);

#endif
