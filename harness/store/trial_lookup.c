#include "store/trial_lookup.h"

#include "base/strbuf.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

enum { IMAGE, IN_PROMPT, IN_ANSWER, IN_RATIONALE, PROMPT, ANSWER, RATIONALE };

/* Not ?2 alone: a pattern that SQLite could choose an index by makes it prepare the statement again with every binding. */
#define LIKE " LIKE ?2 || '' ESCAPE '\\'"

static const struct statement sql[] = {
    [IMAGE] = { "find an image", "SELECT d.root, i.path, i.sha256, t.run_id, s.category, s.subcategory FROM trial t"
                                 " CROSS JOIN sample s ON s.id = t.sample_id CROSS JOIN dataset d ON d.id = s.dataset_id"
                                 " CROSS JOIN image i ON i.sample_id = s.id AND i.position = ?2 WHERE t.id = ?1" },
    [IN_PROMPT] = { "search a prompt", "SELECT 1 FROM trial t CROSS JOIN sample s ON s.id = t.sample_id"
                                       " WHERE t.id = ?1 AND (s.prompt" LIKE " OR s.intent" LIKE ")" },
    [IN_ANSWER] = { "search an answer",
                    "SELECT 1 FROM response r WHERE r.trial_id = ?1 AND (r.content" LIKE " OR r.reasoning" LIKE " OR r.refusal" LIKE ")" },
    [IN_RATIONALE] = { "search a rationale",
                       "SELECT 1 FROM score x WHERE x.trial_id = ?1 AND (x.explanation" LIKE " OR x.judge_trial_json" LIKE ") LIMIT 1" },
    [PROMPT] = { "read a prompt",
                 "SELECT s.prompt, s.intent, NULL FROM trial t CROSS JOIN sample s ON s.id = t.sample_id WHERE t.id = ?1" },
    [ANSWER] = { "read an answer", "SELECT r.content, r.reasoning, r.refusal FROM response r WHERE r.trial_id = ?1" },
    [RATIONALE] = { "read a rationale", "SELECT x.explanation, NULL, x.judge_trial_json FROM score x WHERE x.trial_id = ?1" },
};
const struct statement_group lookup_statements = { sql, ARRAY_LEN(sql) };

enum err store_trial_image(struct store *s, int64_t trial_id, int64_t position, struct arena *a, struct stored_image *ret_image,
                           struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[IMAGE], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    query_int(&q, position);
    code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "trial %lld has no image %lld", (long long)trial_id, (long long)position);
    *ret_image = (struct stored_image){
        .root = query_dup_text(&q, 0, a),
        .name = query_dup_word(&q, 1, a),
        .sha256 = query_dup_text(&q, 2, a),
        .run_id = query_dup_word(&q, 3, a),
        .category = query_dup_word(&q, 4, a),
        .subcategory = query_dup_word(&q, 5, a),
    };
    query_close(&q);
    return OK;
}

/* %word%, with what LIKE takes for wildcards escaped. */
static void write_pattern(const char *word, struct strbuf *out)
{
    strbuf_clear(out);
    (void)strbuf_addch(out, '%');
    for (; *word; word++) {
        if (strchr("%_\\", *word))
            (void)strbuf_addch(out, '\\');
        (void)strbuf_addch(out, *word);
    }
    (void)strbuf_addch(out, '%');
}

static const struct {
    unsigned scope;
    int looks, reads; /* its statements */
} table[] = { { TEXT_PROMPT, IN_PROMPT, PROMPT }, { TEXT_ANSWER, IN_ANSWER, ANSWER }, { TEXT_RATIONALE, IN_RATIONALE, RATIONALE } };

enum err store_text_holds(struct store *s, int64_t trial_id, const char *word, unsigned scopes, bool *ret_holds, struct error *e)
{
    int64_t holds = 0;
    write_pattern(word, &s->scratch);
    for (size_t i = 0; i < ARRAY_LEN(table) && !holds; i++) {
        struct query q;
        if (!(scopes & table[i].scope))
            continue;
        enum err code = query_open(s, &sql[table[i].looks], &q, e);
        if (code != OK)
            return code;
        query_int(&q, trial_id);
        query_text(&q, s->scratch.buf);
        code = query_one_int(&q, 0, &holds, e);
        if (code != OK)
            return code;
    }
    *ret_holds = holds != 0;
    return OK;
}

enum { TEXT_COLUMNS = 3, VOTES_COLUMN = 2 };

enum err store_trial_texts(struct store *s, int64_t trial_id, unsigned scopes, trial_text_fn *give, void *context, struct error *e)
{
    enum err code = OK;
    for (size_t i = 0; i < ARRAY_LEN(table) && code == OK; i++) {
        struct query q;
        bool row;
        if (!(scopes & table[i].scope))
            continue;
        code = query_first_of_int(s, &sql[table[i].reads], trial_id, &q, &row, e);
        while (code == OK && row) {
            for (int column = 0; column < TEXT_COLUMNS; column++) {
                const char *text = query_get_text(&q, column, ""); /* before its length: SQLite may have to convert it */
                size_t len = query_get_len(&q, column);
                if (len > 0)
                    give(text, len, table[i].reads == RATIONALE && column == VOTES_COLUMN, context);
            }
            code = query_row(&q, &row, e);
        }
    }
    return code;
}
