/* Runs by reference and by age. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RUN_COLUMNS                                                                                                                        \
    "id, name, suite_name, suite_sha256, suite_path, status, started_at, finished_at, harness_version, harness_commit, config_json,"       \
    " suite_json, options_json, dataset_id, sample_set_sha256, comparability_key, excluded"
#define NEWEST_FIRST " ORDER BY started_at DESC, rowid DESC"

enum { BY_ID, BY_NAME, BY_PREFIX, BY_AGE, BY_BASELINE, RUN_LIST };

static const struct statement sql[] = {
    [BY_ID] = { "find a run", "SELECT " RUN_COLUMNS " FROM run WHERE id = ?" },
    [BY_NAME] = { "find a run", "SELECT " RUN_COLUMNS " FROM run WHERE name = ?" NEWEST_FIRST " LIMIT 1" },
    [BY_PREFIX] = { "find a run", "SELECT " RUN_COLUMNS " FROM run WHERE substr(id, 1, length(?1)) = ?1" NEWEST_FIRST " LIMIT 6" },
    [BY_AGE] = { "find a run", "SELECT " RUN_COLUMNS " FROM run" NEWEST_FIRST " LIMIT 1 OFFSET ?" },
    [BY_BASELINE] = { "find a run", "SELECT " RUN_COLUMNS " FROM run WHERE id = (SELECT b.run_id FROM baseline b WHERE b.name = ?)" },
    [RUN_LIST] = { "list the runs", "SELECT " RUN_COLUMNS " FROM run" NEWEST_FIRST " LIMIT ?" },
};
const struct statement_group find_statements = { sql, ARRAY_LEN(sql) };

static void read_run(const struct query *q, struct arena *a, void *ret_item)
{
    struct run_row *r = ret_item;
    r->id = query_dup_text(q, 0, a);
    r->name = query_dup_text(q, 1, a);
    r->suite_name = query_dup_text(q, 2, a);
    r->suite_sha256 = query_dup_text(q, 3, a);
    r->suite_path = query_dup_text(q, 4, a);
    (void)run_status_parse(query_get_text(q, 5, ""), &r->status); /* the schema has checked the word */
    r->started_at = query_get_int(q, 6, 0);
    r->finished_at = query_get_int(q, 7, 0);
    r->harness_version = query_dup_text(q, 8, a);
    r->harness_commit = query_dup_text(q, 9, a);
    r->config_json = query_dup_text(q, 10, a);
    r->suite_json = query_dup_text(q, 11, a);
    r->options_json = query_dup_text(q, 12, a);
    r->dataset_id = query_get_int(q, 13, 0);
    r->sample_set_sha256 = query_dup_text(q, 14, a);
    r->comparability_key = query_dup_text(q, 15, a);
    r->excluded = query_get_int(q, 16, 0);
}

static enum err collect_runs(struct query *q, struct arena *a, struct run_row **ret_run, size_t *ret_count, struct error *e)
{
    void *runs;
    enum err code = query_all(q, read_run, sizeof(struct run_row), a, &runs, ret_count, e);
    if (code == OK)
        *ret_run = runs;
    return code;
}

static enum err find_by_text(struct store *s, int which, const char *text, struct arena *a, struct run_row **ret_run, size_t *ret_count,
                             struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[which], &q, e);
    if (code != OK)
        return code;
    query_text(&q, text);
    return collect_runs(&q, a, ret_run, ret_count, e);
}

static enum err find_by_age(struct store *s, int64_t age, struct arena *a, struct run_row **ret_run, size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[BY_AGE], &q, e);
    if (code != OK)
        return code;
    query_int(&q, age);
    return collect_runs(&q, a, ret_run, ret_count, e);
}

/* `last` or `last~N`. */
static bool parse_age(const char *text, int64_t *ret_age)
{
    if (strcmp(text, "last") == 0) {
        *ret_age = 0;
        return true;
    }
    if (strncmp(text, "last~", 5) != 0 || !isdigit((unsigned char)text[5]))
        return false;
    char *end;
    errno = 0;
    long long age = strtoll(text + 5, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    *ret_age = age;
    return true;
}

static bool names_baseline(const char *text)
{
    return strncmp(text, "baseline:", 9) == 0;
}

bool store_run_reserves(const char *text)
{
    int64_t age;
    return parse_age(text, &age) || names_baseline(text);
}

static enum err ambiguous(const char *reference, const struct run_row *run, size_t count, struct error *e)
{
    error_set(e, ERR_INVALID, "'%.100s' could be any of %s%zu runs:", reference, count > 5 ? "more than " : "", count > 5 ? 5 : count);
    for (size_t i = 0; i < count && i < 5; i++)
        error_suffix(e, " %.64s", run[i].id);
    return ERR_INVALID;
}

static enum err no_baseline(struct store *s, const char *name, struct arena *a, struct error *e)
{
    struct baseline_row *row;
    size_t count;
    if (store_baseline_list(s, a, &row, &count, e) != OK)
        return e->code;
    if (count == 0)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no baseline '%.80s', nor any other; `gauntlet baseline set NAME RUN` names one",
                         s->path, name);
    error_set(e, ERR_NOT_FOUND, "store '%s' has no baseline '%.80s'; there are:", s->path, name);
    for (size_t i = 0; i < count && i < 5; i++)
        error_suffix(e, "%s %.64s (run %.64s)", i > 0 ? "," : "", row[i].name, row[i].run_id);
    return ERR_NOT_FOUND;
}

static enum err not_found(struct store *s, const char *reference, struct arena *a, struct error *e)
{
    struct run_row *run;
    size_t count;
    enum err code = store_run_list(s, 3, a, &run, &count, e);
    if (code != OK)
        return code;
    if (count == 0)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no runs yet", s->path);
    error_set(e, ERR_NOT_FOUND, "store '%s' has no run '%.100s'; the newest:", s->path, reference);
    for (size_t i = 0; i < count; i++)
        error_suffix(e, "%s %.64s%s%.64s%s", i > 0 ? "," : "", run[i].id, run[i].name ? " (" : "", run[i].name ? run[i].name : "",
                     run[i].name ? ")" : "");
    return ERR_NOT_FOUND;
}

enum err store_run_find(struct store *s, const char *reference, struct arena *a, struct run_row *ret_run, struct error *e)
{
    struct run_row *run = NULL;
    size_t count = 0;
    int64_t age;
    enum err code;
    bool special = true;
    if (parse_age(reference, &age))
        code = find_by_age(s, age, a, &run, &count, e);
    else if (names_baseline(reference))
        code = find_by_text(s, BY_BASELINE, reference + 9, a, &run, &count, e);
    else {
        special = false;
        code = find_by_text(s, BY_ID, reference, a, &run, &count, e);
    }
    if (code == OK && count == 0 && !special)
        code = find_by_text(s, BY_NAME, reference, a, &run, &count, e);
    if (code == OK && count == 0 && !special && *reference)
        code = find_by_text(s, BY_PREFIX, reference, a, &run, &count, e);
    if (code != OK)
        return code;
    if (count == 0)
        return names_baseline(reference) ? no_baseline(s, reference + 9, a, e) : not_found(s, reference, a, e);
    if (count > 1)
        return ambiguous(reference, run, count, e);
    *ret_run = run[0];
    return OK;
}

enum err store_run_list(struct store *s, int64_t limit, struct arena *a, struct run_row **ret_run, size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[RUN_LIST], &q, e);
    if (code != OK)
        return code;
    query_int(&q, limit > 0 ? limit : -1);
    return collect_runs(&q, a, ret_run, ret_count, e);
}
