/*
 * scoring - short hands for tests of scorers: a scorer from options as JSON text, a sample, an answer, the score.
 * Include behind cmocka.h.
 */
#ifndef TESTS_SCORING_H
#define TESTS_SCORING_H

#include "base/json.h"
#include "score/scorer.h"

#include <string.h>

static struct arena scoring_arena;
static const struct scorer_setting *scoring_setting; /* NULL = no judges */

static inline struct scorer *make_scorer(const char *kind, const char *options)
{
    CLEANUP(json_freep) cJSON *tree = json_parse(options, strlen(options), NULL);
    assert_non_null(tree);
    struct scorer *s = NULL;
    struct error e = { 0 };
    if (scorer_new(kind, tree, scoring_setting, &s, &e) != OK)
        fail_msg("scorer_new: %s", e.msg);
    return s;
}

/* The message of a scorer that cannot be made. */
static inline const char *scorer_trouble(const char *kind, const char *options)
{
    static struct error e;
    CLEANUP(json_freep) cJSON *tree = json_parse(options, strlen(options), NULL);
    assert_non_null(tree);
    struct scorer *s = NULL;
    e = (struct error){ 0 };
    assert_int_not_equal(scorer_new(kind, tree, scoring_setting, &s, &e), OK);
    assert_null(s);
    return e.msg;
}

static inline struct answer make_answer(const char *content)
{
    return answer_of_text(content);
}

static inline struct score score_answer(const struct scorer *s, const char *extra_json, const struct answer *answer)
{
    const struct sample sample = { .id = "s1", .intent_id = "s1", .intent = "", .prompt = "", .extra_json = extra_json };
    const struct score_input in = { .sample = &sample, .answer = answer };
    struct judge_state state = { 0 };
    struct judge_ask ask;
    struct score score;
    assert_int_equal(scorer_begin(s, &in, &state, &scoring_arena, &ask, &score), SCORE_DONE);
    assert_non_null(score.reason);
    assert_non_null(score.explanation);
    return score;
}

static inline struct score score_text(const struct scorer *s, const char *extra_json, const char *content)
{
    const struct answer answer = make_answer(content);
    return score_answer(s, extra_json, &answer);
}

static inline void assert_verdict(struct score score, enum verdict expected, const char *of)
{
    if (score.verdict != expected)
        fail_msg("\"%s\" is %s, expected %s (%s)", of, verdict_name(score.verdict), verdict_name(expected), score.explanation);
}

static inline int scoring_done(void **state)
{
    (void)state;
    arena_release(&scoring_arena);
    return 0;
}

#endif
