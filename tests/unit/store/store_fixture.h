/*
 * store_fixture - a store in a scratch folder with planned runs in it, for the tests of this room.
 *
 * ok(f, call) fails the test with the error's message unless the call succeeds.
 */
#ifndef UNIT_STORE_FIXTURE_H
#define UNIT_STORE_FIXTURE_H

#include "scratch.h"

#include "store/intake.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/store_private.h"
#include "store/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct scratch scratch;
    struct arena *arena; /* the scratch folder's */
    struct store *store;
    const char *path;
    struct error e;
};

#define ok(f, call)                                                                                                                        \
    do {                                                                                                                                   \
        if ((call) != OK)                                                                                                                  \
            fail_msg("%s: %s", #call, (f)->e.msg);                                                                                         \
    } while (0)

static inline int fixture_open(void **state)
{
    struct fixture *f = xcalloc(1, sizeof(*f));
    if (scratch_open(&f->scratch) != 0)
        return -1;
    f->arena = &f->scratch.arena;
    f->path = scratch_path(&f->scratch, "results/test.db");
    *state = f;
    if (store_open(f->path, STORE_CREATE, &f->store, &f->e) == OK)
        return 0;
    print_error("%s\n", f->e.msg);
    return -1;
}

static inline int fixture_close(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    scratch_close(&f->scratch);
    free(f);
    return 0;
}

/* One integer out of the store, by any SQL. */
static inline int64_t sql_int(struct fixture *f, const char *text)
{
    int64_t value = 0;
    ok(f, store_exec_int(f->store, text, "ask for a test", &value, &f->e));
    return value;
}

/* One text out of the store, in the arena; "(null)" for NULL, "(none)" without a row. */
static inline const char *sql_text(struct fixture *f, const char *text)
{
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(f->store->db, text, -1, &stmt, NULL), SQLITE_OK);
    const char *value = "(none)";
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        const unsigned char *column = sqlite3_column_text(stmt, 0);
        value = column ? arena_strdup(f->arena, (const char *)column) : "(null)";
    }
    sqlite3_finalize(stmt);
    return value;
}

static inline struct sample make_sample(struct fixture *f, const char *id, const char *intent, const char *category, const char *attack)
{
    return (struct sample){
        .id = arena_strdup(f->arena, id),
        .intent_id = arena_strdup(f->arena, intent),
        .intent = "an intent",
        .prompt = arena_printf(f->arena, "prompt of %s", id),
        .context = "",
        .category = arena_strdup(f->arena, category),
        .subcategory = "(none)",
        .attack = arena_strdup(f->arena, attack),
        .twin = "",
        .split = "",
        .file = "samples.jsonl",
        .row = 1,
        .extra_json = "{}",
    };
}

static const struct intake_dataset fixture_dataset = {
    .name = "demo",
    .version = "1",
    .source = "made here",
    .revision = "",
    .license = "CC0-1.0",
    .root = "/data/demo",
    .recipe_sha256 = "recipe",
    .files_sha256 = "files",
};

static const struct intake_options fixture_options = { .order = INTAKE_FILE, .shard_count = 1, .epochs = 1 };

/* Plans a run over `sample` with the given number of endpoints ("e1", "e2", …) and scorers "first" (primary) and
   "second". */
static inline enum err try_plan(struct fixture *f, const char *run_id, const char *name, int64_t started_at, const struct sample *sample,
                                size_t count, int endpoints, const struct intake_dataset *dataset, const struct intake_options *options,
                                struct intake_counts *ret_counts)
{
    struct run_row run = { .id = run_id, .name = name, .suite_name = "suite", .status = RUN_STARTED, .started_at = started_at };
    ok(f, intake_begin(f->store, &f->e));
    ok(f, store_run_insert(f->store, &run, &f->e));
    for (int i = 1; i <= endpoints; i++) {
        struct endpoint_row endpoint = {
            .run_id = run_id,
            .name = arena_printf(f->arena, "e%d", i),
            .protocol = "openai-chat",
            .base_url = "http://127.0.0.1:1/v1",
            .model = "model",
            .evidence = EVIDENCE_DECLARED,
        };
        ok(f, store_endpoint_insert(f->store, &endpoint, &f->e));
    }
    struct scorer_row first = { .run_id = run_id, .name = "first", .kind = "refusal", .identity_sha256 = "f", .is_primary = true };
    struct scorer_row second = { .run_id = run_id, .name = "second", .kind = "canary", .identity_sha256 = "s" };
    ok(f, store_scorer_insert(f->store, &first, &f->e));
    ok(f, store_scorer_insert(f->store, &second, &f->e));
    for (size_t i = 0; i < count; i++) {
        enum err code = intake_add(f->store, &sample[i], &f->e);
        if (code != OK) {
            intake_abort(f->store);
            return code;
        }
    }
    return intake_finish(f->store, run_id, dataset, options, ret_counts, &f->e);
}

static inline struct intake_counts plan(struct fixture *f, const char *run_id, const struct sample *sample, size_t count, int endpoints,
                                        const struct intake_options *options)
{
    struct intake_counts counts;
    ok(f, try_plan(f, run_id, NULL, 1000, sample, count, endpoints, &fixture_dataset, options, &counts));
    return counts;
}

/* `count` samples s0, s1, …: intents of three samples, categories A and B, attacks x and y. */
static inline struct sample *make_samples(struct fixture *f, size_t count)
{
    struct sample *sample = arena_array(f->arena, count, sizeof(*sample));
    for (size_t i = 0; i < count; i++)
        sample[i] = make_sample(f, arena_printf(f->arena, "s%zu", i), arena_printf(f->arena, "i%zu", i / 3), i / 3 % 2 ? "B" : "A",
                                i % 2 ? "y" : "x");
    return sample;
}

static inline struct endpoint_row endpoint_at(struct fixture *f, const char *run_id, size_t index)
{
    struct endpoint_row *row;
    size_t count;
    ok(f, store_endpoint_list(f->store, run_id, f->arena, &row, &count, &f->e));
    assert_true(index < count);
    return row[index];
}

static inline int64_t scorer_at(struct fixture *f, const char *run_id, size_t index)
{
    struct scorer_row *row;
    size_t count;
    ok(f, store_scorer_list(f->store, run_id, f->arena, &row, &count, &f->e));
    assert_true(index < count);
    return row[index].id;
}

/* The ids of the pending trials' samples in dispatch order, joined by commas. */
static inline const char *dispatch_order(struct fixture *f, const struct endpoint_row *endpoint)
{
    struct strbuf out = STRBUF_INIT;
    struct pending_trial *trial;
    size_t count;
    ok(f, store_pending_page(f->store, endpoint, 0, 100000, f->arena, &trial, &count, &f->e));
    for (size_t i = 0; i < count; i++)
        (void)strbuf_addf(&out, "%s%s", i ? "," : "", trial[i].sample.id);
    const char *text = arena_strdup(f->arena, out.buf);
    strbuf_release(&out);
    return text;
}

static inline int64_t start_attempt(struct fixture *f, int64_t trial_id, int number)
{
    int64_t id;
    struct attempt_start a = {
        .trial_id = trial_id, .number = number, .trace_id = "trace", .request_sha256 = "request", .sent_at = 1000, .cost_upper_usd = 1
    };
    ok(f, store_attempt_start(f->store, &a, &id, &f->e));
    return id;
}

static inline void finish_attempt(struct fixture *f, int64_t attempt_id, int http_status, const char *body)
{
    struct attempt_done a = {
        .attempt_id = attempt_id,
        .sent_at = 2000,
        .done_at = 3000,
        .http_status = http_status,
        .headers = "content-type: application/json\nset-cookie: a\nset-cookie: b\n",
        .headers_len = strlen("content-type: application/json\nset-cookie: a\nset-cookie: b\n"),
        .body = body,
        .body_len = strlen(body),
        .first_byte_us = 500,
    };
    ok(f, store_attempt_done(f->store, &a, &f->e));
}

static inline void read_attempt(struct fixture *f, int64_t attempt_id, const char *error_class, const char *message, double cost_usd)
{
    struct attempt_read a = {
        .attempt_id = attempt_id,
        .error_class = error_class,
        .message = message,
        .retry_after_us = -1,
        .prompt_tokens = 10,
        .completion_tokens = 20,
        .cost_usd = cost_usd,
        .cost_upper_usd = cost_usd,
    };
    ok(f, store_attempt_read(f->store, &a, &f->e));
}

/* A whole life: one attempt, an answer, a verdict by `scorer_id` (none when 0), a final status. */
static inline void settle(struct fixture *f, int64_t trial_id, int64_t scorer_id, enum trial_status status, enum verdict verdict,
                          const char *reason)
{
    int64_t attempt_id = start_attempt(f, trial_id, 1);
    finish_attempt(f, attempt_id, 200, "{}");
    read_attempt(f, attempt_id, NULL, NULL, 0.5);

    struct answer answer = { .content = "text", .content_len = 4, .reasoning = "", .refusal = "", .finish_reason = "stop" };
    answer.usage = (struct usage){ .prompt_tokens = 10, .completion_tokens = 20, .reasoning_tokens = -1, .reported_cost_usd = -1 };
    struct response_row response = {
        .trial_id = trial_id, .attempt_id = attempt_id, .answer = &answer, .latency_us = 1000, .first_byte_us = 500, .wait_us = 250
    };
    ok(f, store_response_insert(f->store, &response, &f->e));
    if (scorer_id != 0) {
        struct score score = { .verdict = verdict, .reason = reason };
        ok(f, store_score_insert(f->store, trial_id, scorer_id, &score, &f->e));
    }
    ok(f, store_trial_finish(f->store, trial_id, status, "", &f->e));
}

#endif
