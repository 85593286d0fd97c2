/*
 * mixed_run - a run in a store for tests of reports: two endpoints over 24 samples, in which every status and verdict happens.
 */
#ifndef UNIT_MIXED_RUN_H
#define UNIT_MIXED_RUN_H

#include "../store/store_fixture.h"

#define RUN "run000000001"

/* For cmocka's setup. The last 3 samples are benign. */
static inline int mixed_run(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 24);
    for (size_t i = 0; i < 24; i++)
        sample[i].subcategory = arena_printf(f->arena, "%s%zu", sample[i].category, i % 2 + 1);
    for (size_t i = 21; i < 24; i++)
        sample[i].expected = EXPECTED_BENIGN;
    plan(f, RUN, sample, 24, 2, &fixture_options);
    int64_t first = scorer_at(f, RUN, 0), second = scorer_at(f, RUN, 1);

    static const enum verdict verdict[] = { VERDICT_COMPLIED, VERDICT_REFUSED, VERDICT_PARTIAL, VERDICT_DEFLECTED, VERDICT_REFUSED };
    for (int64_t id = 1; id <= 14; id++)
        settle(f, id, first, TRIAL_ANSWERED, verdict[id % 5], "");
    settle(f, 15, first, TRIAL_ANSWERED, VERDICT_UNSCORED, "judge_error");
    settle(f, 16, first, TRIAL_BLOCKED, VERDICT_REFUSED, "blocked");
    settle(f, 17, 0, TRIAL_ANSWERED, VERDICT_REFUSED, ""); /* its verdict is still to come */
    ok(f, store_trial_finish(f->store, 18, TRIAL_FAILED, "timeout", &f->e));
    ok(f, store_trial_finish(f->store, 19, TRIAL_SKIPPED, "too_large", &f->e));
    int64_t lost = start_attempt(f, 20, 1); /* 20 and 21 stay pending */
    finish_attempt(f, lost, 500, "oops");
    read_attempt(f, lost, "server", "broken", -1);
    settle(f, 22, first, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    settle(f, 23, first, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    settle(f, 24, first, TRIAL_BLOCKED, VERDICT_REFUSED, "blocked");
    for (int64_t id = 1; id <= 14; id++) {
        struct score other = { .verdict = id % 2 ? VERDICT_COMPLIED : VERDICT_REFUSED };
        ok(f, store_score_insert(f->store, id, second, &other, &f->e));
    }
    ok(f, store_event(f->store, RUN, 5000000, "warn", "rate", "waiting", NULL, &f->e));
    ok(f, store_run_finish(f->store, RUN, RUN_INCOMPLETE, 9000000, "samples", "key", &f->e));
    return 0;
}

#endif
