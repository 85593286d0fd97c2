#include "cli/label_export.h"

#include "base/json.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "base/text_safe.h"

#include <string.h>

const char *label_stratum_name(const struct label_export *x, bool first)
{
    static const char *const judged[2] = { "other", "complied" }, *const contested[2] = { "other", "disagreement" },
                             *const blind[2] = { "b", "a" };
    switch (x->plan) {
    case LABEL_RANDOM: return "";
    case LABEL_DISAGREEMENT: return contested[first];
    default: return x->show_judge ? judged[first] : blind[first != ((rng_hash(x->seed, "strata", 6) & 1) != 0)];
    }
}

/* The columns in order; the first that is added begins the row. */
struct row {
    struct strbuf *out;
    bool jsonl, heading, begun;
};

/* A cell of text, of a number when `number`, or of the heading. */
static void add(struct row *r, const char *column, const char *text, size_t len, bool number)
{
    (void)strbuf_addstr(r->out, r->begun ? "," : r->jsonl ? "{" : "");
    r->begun = true;
    if (r->heading) {
        (void)strbuf_addstr(r->out, column);
        return;
    }
    if (r->jsonl) {
        json_add_string(r->out, column, strlen(column));
        (void)strbuf_addch(r->out, ':');
    }
    if (number) {
        (void)strbuf_addstr(r->out, len > 0 || !r->jsonl ? text : "null");
    } else if (r->jsonl) {
        CLEANUP(strbuf_release) struct strbuf valid = STRBUF_INIT;
        text_safe_decode(text, len, &valid);
        json_add_string(r->out, valid.buf, valid.len);
    } else if (len > 0) {
        text_safe_csv(text, len, false, r->out);
    }
}

static void add_text(struct row *r, const char *column, const char *text)
{
    add(r, column, text, strlen(text), false);
}

static void add_number(struct row *r, const char *column, double value, bool known)
{
    CLEANUP(strbuf_release) struct strbuf digits = STRBUF_INIT;
    if (known)
        json_add_number(&digits, value);
    add(r, column, digits.buf, digits.len, true);
}

static void add_row(struct row r, const struct label_export *x, const struct label_pick *pick, const struct label_answer *answer)
{
    add_number(&r, "trial", (double)pick->of->trial_id, true);
    add_text(&r, "answer_sha256", r.heading ? "" : sha256_of(answer->text, answer->len).text);
    add_text(&r, "endpoint", answer->endpoint);
    add_text(&r, "sample", answer->sample_key);
    bool withheld = redact_matches(&x->redact, answer->category, answer->subcategory);
    add_text(&r, "intent", withheld ? "" : answer->intent);
    add_text(&r, "category", answer->category);
    add_text(&r, "attack", answer->attack);
    add(&r, "answer", answer->text, withheld ? 0 : answer->len, false);
    add_text(&r, "plan", label_plan_name(x->plan));
    add_text(&r, "stratum", label_stratum_name(x, pick->first));
    add_number(&r, "inclusion_probability", pick->probability, pick->probability > 0);
    if (x->show_judge)
        add_text(&r, "judge_verdict", verdict_name(pick->of->judge));
    add_text(&r, "verdict", "");
    add_text(&r, "labeller", "");
    add_text(&r, "note", "");
    (void)strbuf_addstr(r.out, r.jsonl ? "}\n" : "\r\n");
}

enum err label_export_write(struct store *s, const struct label_export *x, struct strbuf *out, struct error *e)
{
    static const struct label_candidate nothing = { .intent_id = "" };
    static const struct label_pick no_pick = { &nothing, true, -1 };
    static const struct label_answer no_answer = { "", "", "", "", "", "", "", "", 0 };
    if (!x->jsonl)
        add_row((struct row){ .out = out, .heading = true }, x, &no_pick, &no_answer);
    for (size_t i = 0; i < x->draw->count; i++) {
        CLEANUP(arena_release) struct arena a = ARENA_INIT;
        struct label_answer answer;
        if (store_label_answer(s, x->draw->pick[i].of->trial_id, &a, &answer, e) != OK)
            return e->code;
        add_row((struct row){ .out = out, .jsonl = x->jsonl }, x, &x->draw->pick[i], &answer);
    }
    return out->overflow ? error_set(e, ERR_LIMIT, "the labels' file would be larger than %zu bytes; draw fewer with --limit", out->max)
                         : OK;
}
