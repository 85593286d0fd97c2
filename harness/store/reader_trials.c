/* Trials on their way to the dispatcher and back to the scorers: pages in dispatch order. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

/* What read_sample expects from column 2 on. */
#define SAMPLE_COLUMNS                                                                                                                     \
    "t.sample_id, s.key, s.intent_id, s.intent, s.prompt, s.context, s.category, s.subcategory, s.attack, s.expected, s.twin, s.split,"    \
    " s.file, s.row, s.extra_json"
enum { SAMPLE_END = 16 }; /* the last of them */
#define PAGE " WHERE t.id BETWEEN ?1 AND ?2"
#define PAGE_END " ORDER BY t.id LIMIT ?3"

/* What read_answered expects behind the sample. */
#define ANSWER_COLUMNS                                                                                                                     \
    ", t.status, r.attempt_id, r.content, r.reasoning, r.refusal, r.finish_reason, r.model_echo, r.fingerprint, r.reply_id,"               \
    " r.prompt_tokens, r.completion_tokens, r.reasoning_tokens, r.reported_cost_usd, r.flags"
#define ANSWERED_PAGE                                                                                                                      \
    "SELECT t.id, t.epoch, " SAMPLE_COLUMNS ANSWER_COLUMNS " FROM trial t CROSS JOIN sample s ON s.id = t.sample_id"                       \
    " CROSS JOIN response r ON r.trial_id = t.id" PAGE " AND t.status IN ('answered', 'blocked')"

enum { PENDING, ANSWERED, UNSCORED, ROOT, IMAGES, ATTEMPTS };

static const struct statement sql[] = {
    [PENDING] = { "list pending trials", "SELECT t.id, t.epoch, " SAMPLE_COLUMNS ", t.retry_from FROM trial t"
                                         " CROSS JOIN sample s ON s.id = t.sample_id" PAGE " AND t.status = 'pending'" PAGE_END },
    [ANSWERED] = { "list answered trials", ANSWERED_PAGE PAGE_END },
    [UNSCORED] = { "list answers without a verdict",
                   ANSWERED_PAGE " AND EXISTS (SELECT 1 FROM scorer c LEFT JOIN score x ON x.trial_id = t.id AND x.scorer_id = c.id"
                                 " WHERE c.run_id = t.run_id AND (x.trial_id IS NULL OR (?4 AND x.reason = 'judge_error')))" PAGE_END },
    [ROOT] = { "find the data set", "SELECT d.root FROM run r JOIN dataset d ON d.id = r.dataset_id WHERE r.id = ?" },
    [IMAGES] = { "list a sample's images", "SELECT path, bytes, sha256 FROM image WHERE sample_id = ? ORDER BY position" },
    [ATTEMPTS] = { "list a trial's attempts", "SELECT id, number, done_at IS NOT NULL AND error_class IS NULL,"
                                              " number > ?2 AND (error_class IS NULL OR error_class NOT IN ('lost', 'loading'))"
                                              " FROM attempt WHERE trial_id = ?1 ORDER BY number" },
};
const struct statement_group pending_statements = { sql, ARRAY_LEN(sql) };

static void read_sample(const struct query *q, struct arena *a, struct sample *x)
{
    x->id = query_dup_word(q, 3, a);
    x->intent_id = query_dup_word(q, 4, a);
    x->intent = query_dup_word(q, 5, a);
    x->prompt = query_dup_word(q, 6, a);
    x->context = query_dup_word(q, 7, a);
    x->category = query_dup_word(q, 8, a);
    x->subcategory = query_dup_word(q, 9, a);
    x->attack = query_dup_word(q, 10, a);
    (void)expected_parse(query_get_text(q, 11, ""), &x->expected);
    x->twin = query_dup_word(q, 12, a);
    x->split = query_dup_word(q, 13, a);
    x->file = query_dup_word(q, 14, a);
    x->row = query_get_int(q, 15, 0);
    x->extra_json = query_dup_word(q, 16, a);
}

/* An image as the sample and the loader want it; `path` is made whole later, when the root is known. */
struct image_found {
    struct sample_image image;
    const char *sha256;
};

static void read_image(const struct query *q, struct arena *a, void *ret_item)
{
    struct image_found *i = ret_item;
    i->image.name = query_dup_word(q, 0, a);
    i->image.bytes = query_get_int(q, 1, 0);
    i->sha256 = query_dup_text(q, 2, a);
}

static enum err add_images(struct store *s, int64_t sample_id, const char *root, struct arena *a, struct sample *x,
                           const char *const **ret_sha256, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[IMAGES], &q, e);
    if (code != OK)
        return code;
    query_int(&q, sample_id);
    void *items;
    code = query_all(&q, read_image, sizeof(struct image_found), a, &items, &x->image_count, e);
    if (code != OK)
        return code;

    const struct image_found *found = items;
    struct sample_image *image = arena_array(a, x->image_count, sizeof(*image));
    const char **sha256 = arena_array(a, x->image_count, sizeof(*sha256));
    for (size_t i = 0; i < x->image_count; i++) {
        image[i] = found[i].image;
        image[i].path = root && image[i].name[0] != '/' ? arena_printf(a, "%s/%s", root, image[i].name) : image[i].name;
        sha256[i] = found[i].sha256;
    }
    x->image = image;
    *ret_sha256 = sha256;
    return OK;
}

static enum err find_root(struct store *s, const char *run_id, struct arena *a, const char **ret_root, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_first_of_text(s, &sql[ROOT], run_id, &q, &row, e);
    if (code != OK)
        return code;
    *ret_root = row ? query_dup_text(&q, 0, a) : NULL;
    query_close(&q);
    return OK;
}

static enum err open_page(struct store *s, int which, const struct endpoint_row *endpoint, int64_t after, size_t max, struct query *ret_q,
                          struct error *e)
{
    enum err code = query_open(s, &sql[which], ret_q, e);
    if (code != OK)
        return code;
    query_int(ret_q, after >= endpoint->first_trial ? after + 1 : endpoint->first_trial);
    query_int(ret_q, endpoint->last_trial);
    query_int(ret_q, (int64_t)max);
    return OK;
}

/* The rows of a page as `read` takes them, and where the run's images are. */
static enum err page_items(struct store *s, int which, const struct endpoint_row *endpoint, int64_t after, size_t max, query_item_fn *read,
                           size_t item_size, struct arena *a, const char **ret_root, void **ret_items, size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = find_root(s, endpoint->run_id, a, ret_root, e);
    if (code == OK)
        code = open_page(s, which, endpoint, after, max, &q, e);
    return code == OK ? query_all(&q, read, item_size, a, ret_items, ret_count, e) : code;
}

static void read_pending(const struct query *q, struct arena *a, void *ret_item)
{
    struct pending_trial *t = ret_item;
    t->trial_id = query_get_int(q, 0, 0);
    t->epoch = (int)query_get_int(q, 1, 0);
    t->sample_id = query_get_int(q, 2, 0);
    read_sample(q, a, &t->sample);
    t->last_number = (int)query_get_int(q, SAMPLE_END + 1, 0); /* retry_from, until the attempts are read */
}

static enum err add_attempts(struct store *s, struct pending_trial *t, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[ATTEMPTS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, t->trial_id);
    query_int(&q, t->last_number);
    while ((code = query_row(&q, &row, e)) == OK && row) {
        t->last_number = (int)query_get_int(&q, 1, 0);
        t->unread_attempt_id = query_get_int(&q, 2, 0) ? query_get_int(&q, 0, 0) : 0;
        t->attempts += (int)query_get_int(&q, 3, 0);
    }
    return code;
}

static enum err read_page(struct store *s, const struct endpoint_row *endpoint, int64_t after_trial_id, size_t max, struct arena *a,
                          struct pending_trial **ret_trial, size_t *ret_count, struct error *e)
{
    const char *root;
    void *items;
    size_t count;
    enum err code = page_items(s, PENDING, endpoint, after_trial_id, max, read_pending, sizeof(**ret_trial), a, &root, &items, &count, e);
    if (code != OK)
        return code;

    struct pending_trial *trial = items;
    for (size_t i = 0; code == OK && i < count; i++) {
        code = add_images(s, trial[i].sample_id, root, a, &trial[i].sample, &trial[i].image_sha256, e);
        if (code == OK)
            code = add_attempts(s, &trial[i], e);
    }
    if (code != OK)
        return code;
    *ret_trial = trial;
    *ret_count = count;
    return OK;
}

/* In one transaction: without it each of the page's many small queries would take and drop its own locks. */
enum err store_pending_page(struct store *s, const struct endpoint_row *endpoint, int64_t after_trial_id, size_t max, struct arena *a,
                            struct pending_trial **ret_trial, size_t *ret_count, struct error *e)
{
    bool own = sqlite3_get_autocommit(s->db) != 0;
    enum err code = own ? store_exec(s, "BEGIN", "list pending trials", e) : OK;
    if (code != OK)
        return code;
    code = read_page(s, endpoint, after_trial_id, max, a, ret_trial, ret_count, e);
    return store_leave(s, own, code, e);
}

static void read_answered(const struct query *q, struct arena *a, void *ret_item)
{
    struct answered_trial *t = ret_item;
    struct answer *x = &t->answer;
    int c = SAMPLE_END + 1;
    t->trial_id = query_get_int(q, 0, 0);
    t->sample_id = query_get_int(q, 2, 0);
    read_sample(q, a, &t->sample);
    (void)trial_status_parse(query_get_text(q, c, ""), &t->status);
    t->attempt_id = query_get_int(q, c + 1, 0);
    x->content = query_dup_word(q, c + 2, a);
    x->content_len = (size_t)sqlite3_column_bytes(q->stmt, c + 2);
    x->reasoning = query_dup_word(q, c + 3, a);
    x->reasoning_len = (size_t)sqlite3_column_bytes(q->stmt, c + 3);
    x->refusal = query_dup_word(q, c + 4, a);
    x->finish_reason = query_dup_word(q, c + 5, a);
    x->model_echo = query_dup_word(q, c + 6, a);
    x->fingerprint = query_dup_word(q, c + 7, a);
    x->reply_id = query_dup_word(q, c + 8, a);
    x->usage.prompt_tokens = query_get_int(q, c + 9, -1);
    x->usage.completion_tokens = query_get_int(q, c + 10, -1);
    x->usage.reasoning_tokens = query_get_int(q, c + 11, -1);
    x->usage.reported_cost_usd = query_get_real(q, c + 12, -1);
    x->flags = answer_flags_parse(query_get_text(q, c + 13, ""));
}

static enum err answered_items(struct store *s, int which, const struct endpoint_row *endpoint, int64_t after, size_t max, bool and_failed,
                               struct arena *a, struct answered_trial **ret_trial, size_t *ret_count, struct error *e)
{
    struct query q;
    const char *root;
    void *items;
    enum err code = find_root(s, endpoint->run_id, a, &root, e);
    if (code == OK)
        code = open_page(s, which, endpoint, after, max, &q, e);
    if (code != OK)
        return code;
    if (which == UNSCORED)
        query_int(&q, and_failed);
    code = query_all(&q, read_answered, sizeof(**ret_trial), a, &items, ret_count, e);
    *ret_trial = items;
    for (size_t i = 0; code == OK && i < *ret_count; i++) {
        struct answered_trial *t = &(*ret_trial)[i];
        code = add_images(s, t->sample_id, root, a, &t->sample, &t->image_sha256, e);
    }
    return code;
}

enum err store_answered_page(struct store *s, const struct endpoint_row *endpoint, int64_t after_trial_id, size_t max, struct arena *a,
                             struct answered_trial **ret_trial, size_t *ret_count, struct error *e)
{
    return answered_items(s, ANSWERED, endpoint, after_trial_id, max, false, a, ret_trial, ret_count, e);
}

enum err store_unscored_page(struct store *s, const struct endpoint_row *endpoint, int64_t after_trial_id, size_t max, bool and_failed,
                             struct arena *a, struct answered_trial **ret_trial, size_t *ret_count, struct error *e)
{
    return answered_items(s, UNSCORED, endpoint, after_trial_id, max, and_failed, a, ret_trial, ret_count, e);
}
