#include "reports/answer_test.h"

#include "base/json_member.h"
#include "base/strbuf.h"
#include "reports/sample_history.h"

#include <math.h>

/* ---- The reference ---- */

static void add_night(struct answer_test *t, const struct eras *eras, size_t night)
{
    if (eras->state[night] == NIGHT_COUNTED && t->reference_count < TEST_ANSWERS)
        t->reference[t->reference_count++] = night;
}

static void find_reference(struct answer_test *t, const struct eras *eras, size_t night)
{
    size_t era = eras->of_night[night];
    for (size_t i = eras->era[era].first; i < night; i++)
        add_night(t, eras, i);
    if (t->reference_count > 0 || era == 0)
        return;
    for (size_t i = eras->era[era - 1].last + 1; i-- > eras->era[era - 1].first;)
        add_night(t, eras, i);
}

/* ---- The answers ---- */

/* Some of one probe's answers over these nights, the first epochs first. Returns how many. */
static size_t gather(const struct probes *p, size_t probe, const size_t *night, size_t nights, const char **ret_answer)
{
    size_t count = 0;
    for (size_t epoch = 0; epoch < p->epochs; epoch++) {
        for (size_t i = 0; i < nights && count < TEST_ANSWERS; i++) {
            const char *answer = probes_answer(p, night[i], probe, epoch);
            if (answer)
                ret_answer[count++] = answer;
        }
    }
    return count;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void compare(const struct probes *p, size_t as, struct answer_test *t)
{
    const char *answer[MAX_PROBES][2 * TEST_ANSWERS];
    struct two_sample_prompt prompt[MAX_PROBES];
    for (size_t i = 0; i < p->count; i++) {
        size_t first = gather(p, i, t->reference, t->reference_count, answer[i]);
        size_t second = gather(p, i, &as, 1, answer[i] + first);
        prompt[i] = (struct two_sample_prompt){ answer[i], first, second };
        t->of_reference = larger(t->of_reference, first);
        t->of_night = larger(t->of_night, second);
    }
    t->result = two_sample_test(prompt, p->count, PROBE_CHARS, TEST_SEED, TEST_PERMUTATIONS);
    t->differs = t->result.p_value < DISCORDANCE_ALPHA;
    if (t->result.prompts == 0)
        t->why = "one answer to a prompt against one says nothing; it takes two on one side";
}

struct answer_test answer_test_of(const struct probes *p, const struct eras *eras, size_t night, size_t as)
{
    struct answer_test t = { .night = as, .result = { .mmd2 = NAN, .p_value = NAN } };
    if (night == SIZE_MAX)
        t.why = "no night is counted yet";
    else
        find_reference(&t, eras, night);
    if (!t.why && t.reference_count == 0)
        t.why = "there is no night before it";
    if (!t.why)
        compare(p, as, &t);
    return t;
}

/* ---- JSON ---- */

static void add_text(const struct answer_test *t, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    if (t->why) {
        (void)strbuf_addf(&out, "The night's answers are not tested: %s", t->why);
    } else {
        const struct two_sample *r = &t->result;
        (void)strbuf_addf(&out, "%s: the answers to %zu prompts, up to %zu each from %zu %s before and %zu of this one, p %s %.4f (MMD)",
                          t->differs ? "These are not the answers of the nights before"
                                     : "Nothing says that another model gives these answers",
                          r->prompts, t->of_reference, t->reference_count, t->reference_count == 1 ? "night" : "nights", t->of_night,
                          r->p_value * (TEST_PERMUTATIONS + 1) < 1.5 ? "<=" : "=", r->p_value);
        if (t->of_reference < TEST_ANSWERS && !t->differs)
            (void)strbuf_addf(&out, "; with fewer than %d answers before little is noticed", TEST_ANSWERS);
        if (t->of_night == 1 && !t->differs)
            (void)strbuf_addstr(&out, "; one answer a prompt shows other words, and takes epochs to show more");
    }
    (void)strbuf_addch(&out, '.');
    (void)cJSON_AddStringToObject(json, "text", out.buf);
}

cJSON *answer_test_json(const struct answer_test *t, const struct history *h)
{
    bool known = !t->why;
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", t->night < h->night_count ? h->night[t->night].row->run_id : NULL);
    cJSON *list = cJSON_AddArrayToObject(json, "reference");
    for (size_t i = 0; i < t->reference_count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(h->night[t->reference[i]].row->run_id));
    json_member_int(json, "prompts", known, (int64_t)t->result.prompts);
    json_member_int(json, "reference_answers", known, (int64_t)t->result.first);
    json_member_int(json, "answers", known, (int64_t)t->result.second);
    json_member_number(json, "mmd2", t->result.mmd2);
    json_member_number(json, "p_value", t->result.p_value);
    json_member_int(json, "permutations", known, TEST_PERMUTATIONS);
    json_member_int(json, "seed", known, TEST_SEED);
    (void)cJSON_AddBoolToObject(json, "differs", t->differs);
    add_text(t, json);
    return json;
}
