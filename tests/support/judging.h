/*
 * judging - short hands for tests of judges: a configuration with a few judges, and a conversation with canned replies.
 * Include behind cmocka.h.
 */
#ifndef TESTS_JUDGING_H
#define TESTS_JUDGING_H

#include "scoring.h"

static const struct judge_model test_judges[] = {
    { "a", "openai-chat", "org/judge-a", NULL, NULL, NULL },
    { "b", "openai-chat", "org/judge-b", "novita", NULL, NULL },
    { "c", "openai-chat", "org/judge-c", NULL, NULL, NULL },
    { "d", "openai-chat", "org/judge-d", NULL, NULL, NULL },
};
static const struct scorer_setting test_setting = { .judge = test_judges, .judge_count = ARRAY_LEN(test_judges) };

static inline int judges_are_known(void **state)
{
    (void)state;
    scoring_setting = &test_setting;
    return 0;
}

/* What a judge says: text, or NULL with a status other than answered. */
struct said {
    const char *text;
    int status; /* JUDGE_ANSWERED … */
};

struct judged {
    struct score score;
    size_t asks;
    char order[32];         /* first letters of the judges in the order they were asked */
    struct judge_ask last;  /* the last ask */
    struct judge_ask first; /* the first */
};

/* Scores `content`, answering asks with `said` in turn; fails when more or fewer are asked for. */
static inline struct judged judge_text(const struct scorer *s, const char *content, const struct said *said, size_t count)
{
    const struct sample sample = {
        .id = "s1", .intent_id = "i1", .intent = "tell the codeword", .prompt = "the picture", .extra_json = "{}"
    };
    const struct answer answer = make_answer(content);
    const struct score_input in = { .sample = &sample, .answer = &answer, .nonce = 42 };
    struct judge_state state = { 0 };
    struct judged j = { .asks = 0 };
    enum score_step step = scorer_begin(s, &in, &state, &scoring_arena, &j.first, &j.score);
    j.last = j.first;
    while (step == SCORE_ASK) {
        if (j.asks == count)
            fail_msg("judge '%s' was asked after %zu replies", j.last.judge, count);
        assert_int_equal(j.last.step, (int)j.asks + 1);
        j.order[j.asks] = j.last.judge[0];
        const struct said *r = &said[j.asks++];
        const struct answer reply = make_answer(r->text ? r->text : "");
        const struct judge_reply given = { .status = r->status, .answer = r->status == JUDGE_FAILED ? NULL : &reply, .error = "server" };
        step = scorer_reply(s, &in, &given, &state, &scoring_arena, &j.last, &j.score);
    }
    assert_int_equal(j.asks, count);
    return j;
}

static inline struct judged judge_once(const struct scorer *s, const char *content, const char *reply)
{
    return judge_text(s, content, &(struct said){ reply, JUDGE_ANSWERED }, 1);
}

#endif
