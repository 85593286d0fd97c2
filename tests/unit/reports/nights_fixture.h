/*
 * nights_fixture - a store with night after night of one suite, planted row by row.
 */
#ifndef UNIT_NIGHTS_FIXTURE_H
#define UNIT_NIGHTS_FIXTURE_H

#include "../store/store_fixture.h"

#include "base/json.h"
#include "reports/model_trend.h"

#include <math.h>
#include <string.h>

struct planted {
    int samples;             /* attack samples, two of them to an intent; 0 = 1000 */
    int benign;              /* further ones, that are benign */
    int complied, blocked;   /* the first so many attack samples; the blocked ones follow */
    int failed;              /* the last so many attack samples */
    int shift;               /* the complied ones begin at this sample instead of the first */
    const char *status;      /* NULL = complete */
    const char *key;         /* comparability; NULL = "key" */
    const char *fingerprint; /* of every answer; NULL = "f1" */
    const char *echo;        /* NULL = "model" */
    const char *observed;    /* NULL = none */
    const char *params;      /* NULL = {"temperature":0} */
    const char *answer;      /* NULL = "as ever" */
    const char *endpoint;    /* NULL = "e1" */
    int confirms;            /* the number of the night that this one asks again; 0 = none */
    int anchor, flips;       /* answers that the judge judged again, and of them otherwise */
};

static inline void plant_sql(struct fixture *f, const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ok(f, store_exec(f->store, text, "plant a night", &f->e));
}

static inline const char * or (const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static inline void plant_samples(struct fixture *f, int attack, int benign)
{
    plant_sql(
        f, "INSERT OR IGNORE INTO dataset (id, name, verified, recipe_sha256, files_sha256, rows_sha256) VALUES (1, 'd', 0, '', '', '')");
    plant_sql(
        f,
        "INSERT OR IGNORE INTO sample (id, dataset_id, key, intent_id, category, subcategory, attack, expected, intent, prompt, extra_json)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
        " SELECT i, 1, printf('s%%05d', i), printf('i%%05d', i / 2), CASE i %% 2 WHEN 0 THEN 'B. Even' ELSE 'A. Odd' END, '(none)',"
        " 'direct', CASE WHEN i > %d THEN 'benign' ELSE 'attack' END, 'x', 'x', '{}' FROM n",
        attack + benign, attack);
}

/* Run "dark00000NNN" of suite "nightly" with one trial a sample. */
static inline const char *plant_night(struct fixture *f, int number, const struct planted *p)
{
    const char *run = arena_printf(f->arena, "dark%08d", number), *endpoint = or (p->endpoint, "e1");
    int attack = p->samples ? p->samples : 1000, all = attack + p->benign, first = number * 1000000 + 1;
    plant_samples(f, attack, p->benign);
    plant_sql(f,
              "INSERT INTO run (id, suite_name, status, started_at, finished_at, dataset_id, comparability_key, options_json)"
              " VALUES ('%s', 'nightly', '%s', %lld, %lld, 1, '%s', CASE WHEN %d > 0 THEN '{\"confirms\":\"dark%08d\"}' END)",
              run, or (p->status, "complete"), number * 86400000000LL, number * 86400000000LL + 1000000, or (p->key, "key"), p->confirms,
              p->confirms);
    plant_sql(f,
              "INSERT INTO endpoint (id, run_id, name, protocol, base_url, model, evidence, revision_observed, params_json, first_trial, "
              "last_trial)"
              " VALUES (%d, '%s', '%s', 'openai-chat', 'http://127.0.0.1:1/v1', 'model', 'none', nullif('%s', ''), '%s', %d, %d)",
              number, run, endpoint, or (p->observed, ""), or (p->params, "{\"temperature\":0}"), first, first + all - 1);
    plant_sql(f, "INSERT INTO scorer (id, run_id, name, kind, identity_sha256, is_primary) VALUES (%d, '%s', 'first', 'refusal', 'f', 1)",
              number, run);
    plant_sql(f,
              "INSERT INTO trial (id, run_id, endpoint_id, sample_id, epoch, status, reason) SELECT %d + id - 1, '%s', %d, id, 1,"
              " CASE WHEN id > %d AND id <= %d THEN 'failed' WHEN id > %d AND id <= %d THEN 'blocked' ELSE 'answered' END, '' FROM sample"
              " WHERE id <= %d",
              first, run, number, attack - p->failed, attack, p->shift + p->complied, p->shift + p->complied + p->blocked, all);
    plant_sql(f,
              "INSERT INTO attempt (id, trial_id, number, trace_id, sent_at) SELECT id, id, 1, '', 0 FROM trial WHERE run_id = '%s'"
              " AND status <> 'failed'",
              run);
    plant_sql(f,
              "INSERT INTO response (trial_id, attempt_id, completion_tokens, model_echo, fingerprint, content) SELECT id, id, 40, '%s', "
              "'%s', '%s'"
              " FROM trial WHERE run_id = '%s' AND status <> 'failed'",
              or (p->echo, "model"), or (p->fingerprint, "f1"), or (p->answer, "as ever"), run);
    plant_sql(f,
              "INSERT INTO score (trial_id, scorer_id, verdict, reason) SELECT id, %d, CASE WHEN status = 'answered' AND sample_id > %d"
              " AND sample_id <= %d THEN 'complied' ELSE 'refused' END, '' FROM trial WHERE run_id = '%s' AND status <> 'failed'",
              number, p->shift, p->shift + p->complied, run);
    plant_sql(f,
              "INSERT INTO judge_anchor (scorer_id, trial_id, anchor_run, verdict_before, verdict_now) SELECT %d, id, 'x', 'refused',"
              " CASE WHEN id <= %d THEN 'complied' ELSE 'refused' END FROM sample WHERE id <= %d",
              number, p->flips, p->anchor);
    return run;
}

/* The one history of suite "nightly"; the tree is *ret_model, yours. */
static inline const cJSON *trend_of(struct fixture *f, size_t last, cJSON **ret_model)
{
    const struct trend_options options = { .suite = "nightly", .last = last };
    ok(f, model_trend_build(f->store, &options, ret_model, &f->e));
    assert_int_equal(cJSON_GetArraySize(json_array(*ret_model, "histories")), 1);
    return cJSON_GetArrayItem(json_array(*ret_model, "histories"), 0);
}

static inline const cJSON *at(const cJSON *object, const char *list, int number)
{
    const cJSON *array = json_array(object, list);
    int count = cJSON_GetArraySize(array);
    const cJSON *item = cJSON_GetArrayItem(array, number < 0 ? count + number : number);
    if (!item)
        fail_msg("%s has no item %d of %d", list, number, count);
    return item;
}

static inline double number_of(const cJSON *object, const char *member)
{
    double value = NAN;
    (void)json_number(object, member, &value);
    return value;
}

/* The chart of all samples for `category` NULL. */
static inline const cJSON *chart_of(const cJSON *history, const char *metric, const char *category)
{
    const cJSON *chart;
    cJSON_ArrayForEach(chart, json_array(history, "charts"))
    {
        const char *of = json_string(chart, "category");
        if (strcmp(json_string(chart, "metric"), metric) == 0 && (category ? of && strcmp(of, category) == 0 : !of))
            return chart;
    }
    fail_msg("no chart of %s", metric);
    return NULL;
}

#endif
