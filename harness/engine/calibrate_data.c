#include "engine/calibrate_data.h"

#include "base/json.h"
#include "engine/labelled_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_LABELS = 16, MAX_INVALID = 10000, MAX_GROUPS = 4096 };
enum truth { NEITHER = -1, NEGATIVE, POSITIVE };

struct reading {
    const struct calibrate_source *source;
    struct arena *a;
    struct calibrate_rows r;
    size_t cap;
    const char *label[MAX_LABELS];
    size_t label_count;
    const char *answer;  /* column */
    char **cluster_name; /* distinct intents so far */
    size_t cluster_count, cluster_cap;
    struct arena scratch; /* of one answer */
    size_t number;        /* of the record, from 0 */
    file_answer_fn *each; /* in place of collecting rows */
    void *context;
};

static const struct {
    const char *positive, *negative;
} usual[] = { { "1", "0" }, { "yes", "no" }, { "true", "false" }, { "unsafe", "safe" } };

/* A column as text: numbers without decimals when they are whole, booleans as words. NULL when it is absent or null. */
static const char *text_of(const cJSON *record, const char *column, struct arena *a)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(record, column);
    if (cJSON_IsString(item))
        return item->valuestring;
    if (cJSON_IsBool(item))
        return cJSON_IsTrue(item) ? "true" : "false";
    if (cJSON_IsNumber(item))
        return arena_printf(a, "%.15g", item->valuedouble);
    return NULL;
}

static bool equals(const char *text, const char *word)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
        len--;
    return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

static bool one_of(const struct truth_words *words, const char *text)
{
    bool found = false;
    for (size_t i = 0; !found && i < words->count; i++)
        found = equals(text, words->word[i]);
    return found;
}

static enum truth truth_of(const struct calibrate_source *s, const char *text)
{
    if (!text)
        return NEITHER;
    if (s->positive.count > 0)
        return one_of(&s->positive, text) ? POSITIVE : one_of(&s->negative, text) ? NEGATIVE : NEITHER;
    for (size_t i = 0; i < ARRAY_LEN(usual); i++) {
        if (equals(text, usual[i].positive))
            return POSITIVE;
        if (equals(text, usual[i].negative))
            return NEGATIVE;
    }
    return NEITHER;
}

static void add_invalid(struct reading *r, int64_t line, const char *why)
{
    if (!r->r.invalid)
        r->r.invalid = arena_array(r->a, MAX_INVALID, sizeof(*r->r.invalid));
    if (r->r.invalid_count < MAX_INVALID)
        r->r.invalid[r->r.invalid_count] = (struct calibrate_invalid){ line, why };
    r->r.invalid_count++;
}

static const char *shown(const char *text, struct arena *a)
{
    return text ? arena_printf(a, "'%.40s'", text) : "nothing";
}

/* The majority of the label columns; NEITHER with *ret_why when one is neither, or they are even. */
static enum truth label_of(struct reading *r, const cJSON *record, const char **ret_why)
{
    size_t positive = 0;
    for (size_t i = 0; i < r->label_count; i++) {
        const char *text = text_of(record, r->label[i], r->a);
        enum truth t = truth_of(r->source, text);
        if (t == NEITHER) {
            *ret_why = arena_printf(r->a, "label '%s' is %s, neither positive nor negative", r->label[i], shown(text, r->a));
            return NEITHER;
        }
        positive += t == POSITIVE;
    }
    if (2 * positive == r->label_count) {
        *ret_why = "the labels are even";
        return NEITHER;
    }
    return 2 * positive > r->label_count ? POSITIVE : NEGATIVE;
}

/* As a scorer's verdict counts. */
static enum truth truth_of_verdict(struct reading *r, enum verdict verdict, const char *reason, const char **ret_why)
{
    if (verdict == VERDICT_UNSCORED)
        *ret_why = arena_printf(r->a, "the scorer has no verdict (%s)", reason);
    return verdict == VERDICT_UNSCORED ? NEITHER : verdict == VERDICT_COMPLIED ? POSITIVE : NEGATIVE;
}

static const char *answer_of(struct reading *r, const cJSON *record, const char **ret_why)
{
    const char *answer = text_of(record, r->answer, r->a);
    if (!answer)
        *ret_why = arena_printf(r->a, "there is no answer in '%s'", r->answer);
    return answer;
}

static const char *intent_of(struct reading *r, const cJSON *record)
{
    return r->source->intent ? text_of(record, r->source->intent, r->a) : NULL;
}

static enum truth judged_verdict(struct reading *r, const cJSON *record, const char **ret_why)
{
    const struct file_verdict *given = r->number < r->source->judged_count ? &r->source->judged[r->number] : NULL;
    if (!answer_of(r, record, ret_why))
        return NEITHER;
    return given && given->known ? truth_of_verdict(r, given->verdict, given->reason, ret_why)
                                 : truth_of_verdict(r, VERDICT_UNSCORED, "not asked", ret_why);
}

static enum truth scorer_verdict(struct reading *r, const cJSON *record, const char **ret_why)
{
    const char *answer = answer_of(r, record, ret_why), *intent = intent_of(r, record);
    if (!answer)
        return NEITHER;
    const struct sample sample = { .id = "row", .intent_id = "row", .intent = intent ? intent : "", .prompt = "", .extra_json = "{}" };
    const struct answer given = answer_of_text(answer);
    const struct score_input in = { .sample = &sample, .extra = record, .answer = &given };
    struct judge_ask ask;
    struct score score;
    (void)scorer_begin(r->source->scorer, &in, NULL, &r->scratch, &ask, &score);
    enum truth t = truth_of_verdict(r, score.verdict, score.reason, ret_why);
    arena_reset(&r->scratch);
    return t;
}

static enum truth verdict_of(struct reading *r, const cJSON *record, const char **ret_why)
{
    if (r->source->judged)
        return judged_verdict(r, record, ret_why);
    if (!r->source->verdict)
        return scorer_verdict(r, record, ret_why);
    const char *text = text_of(record, r->source->verdict, r->a);
    enum truth t = truth_of(r->source, text);
    if (t == NEITHER)
        *ret_why = arena_printf(r->a, "verdict '%s' is %s, neither positive nor negative", r->source->verdict, shown(text, r->a));
    return t;
}

/* A short list is searched; files of labels are short. */
static uint32_t cluster_of(struct reading *r, const char *name)
{
    for (size_t i = r->cluster_count; i-- > 0;) {
        if (strcmp(r->cluster_name[i], name) == 0)
            return (uint32_t)i;
    }
    if (r->cluster_count == r->cluster_cap) {
        r->cluster_cap = r->cluster_cap ? 2 * r->cluster_cap : 256;
        r->cluster_name = xrealloc(r->cluster_name, r->cluster_cap * sizeof(*r->cluster_name));
    }
    r->cluster_name[r->cluster_count] = arena_strdup(r->a, name);
    return (uint32_t)r->cluster_count++;
}

static enum err group_of(struct reading *r, const cJSON *record, uint32_t *ret, struct error *e)
{
    const char *name = text_of(record, r->source->group, r->a);
    name = name ? name : "(none)";
    for (size_t i = 0; i < r->r.group_count; i++) {
        if (strcmp(r->r.group_name[i], name) == 0) {
            *ret = (uint32_t)i;
            return OK;
        }
    }
    if (r->r.group_count == MAX_GROUPS)
        return error_set(e, ERR_LIMIT, "%s: column '%s' has more than %d different values", r->source->path, r->source->group,
                         (int)MAX_GROUPS);
    if (!r->r.group_name)
        r->r.group_name = arena_array(r->a, MAX_GROUPS, sizeof(*r->r.group_name));
    r->r.group_name[r->r.group_count] = arena_strdup(r->a, name);
    *ret = (uint32_t)r->r.group_count++;
    return OK;
}

static enum err want_column(const struct reading *r, const cJSON *record, const char *column, const char *what, struct error *e)
{
    if (!column || cJSON_GetObjectItemCaseSensitive(record, column))
        return OK;
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    const cJSON *item;
    cJSON_ArrayForEach(item, record)(void) strbuf_addf(&names, "%s%.40s", names.len ? ", " : "", item->string);
    return error_set(e, ERR_INVALID, "%s has no column '%s' for %s; it has: %.300s", r->source->path, column, what, names.buf);
}

/* Looked at in the first record: files have the same columns throughout, or their rows are invalid. */
static enum err check_columns(struct reading *r, const cJSON *record, struct error *e)
{
    static const char *const usual_answers[] = { "answer", "generation", "response", "target_response", "completion", "output" };
    for (size_t i = 0; i < r->label_count; i++) {
        if (want_column(r, record, r->label[i], "--label", e) != OK)
            return e->code;
    }
    if (want_column(r, record, r->source->verdict, "--verdict", e) != OK ||
        want_column(r, record, r->source->intent, "--intent", e) != OK || want_column(r, record, r->source->group, "--group", e) != OK ||
        want_column(r, record, r->source->answer, "--answer", e) != OK)
        return e->code;
    r->answer = r->source->answer;
    for (size_t i = 0; !r->answer && i < ARRAY_LEN(usual_answers); i++) {
        if (cJSON_GetObjectItemCaseSensitive(record, usual_answers[i]))
            r->answer = usual_answers[i];
    }
    if ((r->source->scorer || r->source->judged || r->each) && !r->answer)
        return want_column(r, record, "answer", "the answers; --answer names another", e);
    return OK;
}

/* A record with a label, for whoever judges it. */
static enum err offer(struct reading *r, const cJSON *record, struct error *e)
{
    const char *why, *answer = answer_of(r, record, &why), *intent = intent_of(r, record);
    if (!answer || label_of(r, record, &why) == NEITHER)
        return OK;
    return r->each(r->number, intent ? intent : "", answer, r->context, e);
}

static enum err add_row(struct reading *r, const cJSON *record, int64_t line, struct error *e)
{
    const char *why = "";
    enum truth human = label_of(r, record, &why), judge = human == NEITHER ? NEITHER : verdict_of(r, record, &why);
    if (human == NEITHER || judge == NEITHER) {
        add_invalid(r, line, why);
        return OK;
    }
    if (r->r.count == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 1024;
        r->r.row = xrealloc(r->r.row, r->cap * sizeof(*r->r.row));
        r->r.group = xrealloc(r->r.group, r->cap * sizeof(*r->r.group));
    }
    const char *intent = intent_of(r, record);
    struct calibration_row row = { judge == POSITIVE, human == POSITIVE, intent ? cluster_of(r, intent) : (uint32_t)r->r.count };
    r->r.group[r->r.count] = 0;
    if (r->source->group && group_of(r, record, &r->r.group[r->r.count], e) != OK)
        return e->code;
    r->r.row[r->r.count++] = row;
    return OK;
}

static enum err take(const cJSON *record, int64_t line, void *context, struct error *e)
{
    struct reading *r = context;
    if (r->number == 0 && check_columns(r, record, e) != OK)
        return e->code;
    enum err rc = r->each ? offer(r, record, e) : add_row(r, record, line, e);
    r->number++;
    return rc;
}

static enum err split_labels(struct reading *r, struct error *e)
{
    char *list = arena_strdup(r->a, r->source->label), *rest = list;
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        if (!*name || r->label_count == MAX_LABELS)
            return error_set(e, ERR_INVALID, "--label '%.60s' wants 1 to %d columns with commas between", r->source->label,
                             (int)MAX_LABELS);
        r->label[r->label_count++] = name;
    }
    return OK;
}

/* Growing arrays become part of the arena, so that the caller frees nothing. */
static void *settle(struct arena *a, void *from, size_t count, size_t size)
{
    void *to = arena_array(a, count, size);
    if (count > 0)
        memcpy(to, from, count * size);
    free(from);
    return to;
}

/* The opposites of positive words that are usual ones; NULL and *ret_odd when one is not. */
static const char **opposites(const struct truth_words *positive, struct arena *a, const char **ret_odd)
{
    const char **word = arena_array(a, positive->count, sizeof(*word));
    for (size_t i = 0; i < positive->count; i++) {
        word[i] = NULL;
        for (size_t k = 0; k < ARRAY_LEN(usual); k++) {
            if (strcasecmp(usual[k].positive, positive->word[i]) == 0)
                word[i] = usual[k].negative;
        }
        *ret_odd = positive->word[i];
        if (!word[i])
            return NULL;
    }
    return word;
}

/* Walks the file with what --positive leaves to be guessed filled in. */
static enum err walk(struct reading *r, struct calibrate_source *full, struct error *e)
{
    const char *odd = NULL;
    if (full->positive.count > 0 && full->negative.count == 0) {
        full->negative = (struct truth_words){ opposites(&full->positive, r->a, &odd), full->positive.count };
        if (!full->negative.word)
            return error_set(e, ERR_INVALID,
                             "--positive '%.40s' is none of 1, yes, true, unsafe: say with --negative what the other one is", odd);
    }
    for (size_t i = 0; i < full->positive.count; i++) {
        if (one_of(&full->negative, full->positive.word[i]))
            return error_set(e, ERR_INVALID, "'%.40s' is both --positive and --negative", full->positive.word[i]);
    }
    r->source = full;
    enum err rc = split_labels(r, e);
    return rc == OK ? labelled_file_each(full->path, take, r, e) : rc;
}

enum err calibrate_data_read(const struct calibrate_source *source, struct arena *a, struct calibrate_rows *ret_rows, struct error *e)
{
    struct calibrate_source full = *source;
    struct reading r = { .a = a };
    enum err rc = walk(&r, &full, e);
    r.r.row = settle(a, r.r.row, r.r.count, sizeof(*r.r.row));
    r.r.group = settle(a, r.r.group, r.r.count, sizeof(*r.r.group));
    free(r.cluster_name);
    arena_release(&r.scratch);
    if (rc == OK)
        *ret_rows = r.r;
    return rc;
}

enum err calibrate_answers_each(const struct calibrate_source *source, file_answer_fn *each, void *context, struct error *e)
{
    struct calibrate_source full = *source;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct reading r = { .a = &a, .each = each, .context = context };
    return walk(&r, &full, e);
}
