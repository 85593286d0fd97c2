/* Planning: order, limit, shard, trials, and data sets found again. */
#include "store_fixture.h"

#include <math.h>

enum { MANY = 600 };

/* Categories of different size, two attacks, intents of three samples. */
static struct sample *uneven_samples(struct fixture *f, size_t count)
{
    static const char *const category[] = { "A", "A", "A", "B", "B", "C" };
    struct sample *sample = make_samples(f, count);
    for (size_t i = 0; i < count; i++) {
        size_t intent = i / 6;
        sample[i].intent_id = arena_printf(f->arena, "i%zu", intent);
        sample[i].category = category[intent % ARRAY_LEN(category)];
    }
    return sample;
}

static struct pending_trial *pending(struct fixture *f, const char *run_id, size_t endpoint, size_t *ret_count)
{
    struct pending_trial *trial;
    struct endpoint_row row = endpoint_at(f, run_id, endpoint);
    ok(f, store_pending_page(f->store, &row, 0, 100000, f->arena, &trial, ret_count, &f->e));
    return trial;
}

static void file_order_is_the_data_sets(void **state)
{
    struct fixture *f = *state;
    struct intake_options options = fixture_options;
    options.excluded = 2;
    struct intake_counts counts = plan(f, "run000000001", make_samples(f, 5), 5, 1, &options);

    assert_int_equal(sql_int(f, "SELECT excluded FROM run"), 2);
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    assert_string_equal(dispatch_order(f, &endpoint), "s0,s1,s2,s3,s4");
    assert_int_equal(counts.dataset_samples, 5);
    assert_int_equal(counts.samples, 5);
    assert_int_equal(counts.intents, 2);
    assert_int_equal(counts.categories, 2);
    assert_int_equal(counts.subcategories, 0);
    assert_int_equal(counts.trials, 5);
}

static void random_order_depends_on_the_seed_and_on_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 40);
    struct intake_options options = { .order = INTAKE_RANDOM, .seed = 7, .shard_count = 1, .epochs = 1 };
    plan(f, "run000000001", sample, 40, 1, &options);
    struct sample *backwards = arena_array(f->arena, 40, sizeof(*backwards));
    for (size_t i = 0; i < 40; i++)
        backwards[i] = sample[39 - i];
    plan(f, "run000000002", backwards, 40, 1, &options);
    options.seed = 8;
    plan(f, "run000000003", sample, 40, 1, &options);

    struct endpoint_row one = endpoint_at(f, "run000000001", 0), two = endpoint_at(f, "run000000002", 0),
                        three = endpoint_at(f, "run000000003", 0);
    const char *order = dispatch_order(f, &one);
    assert_string_equal(order, dispatch_order(f, &two));
    assert_string_not_equal(order, dispatch_order(f, &three));
    assert_memory_not_equal(order, "s0,s1,s2,s3,", 12);
}

/* For every prefix: each stratum has its share of it, within two samples. */
static void any_prefix_of_the_stratified_order_is_a_fair_sample(void **state)
{
    struct fixture *f = *state;
    struct intake_options options = { .order = INTAKE_STRATIFIED, .seed = 3, .shard_count = 1, .epochs = 1 };
    plan(f, "run000000001", uneven_samples(f, MANY), MANY, 1, &options);

    size_t count;
    struct pending_trial *trial = pending(f, "run000000001", 0, &count);
    assert_int_equal(count, MANY);
    double share[3][2] = { { 0 } }, seen[3][2] = { { 0 } };
    for (size_t i = 0; i < count; i++)
        share[trial[i].sample.category[0] - 'A'][trial[i].sample.attack[0] - 'x'] += 1.0 / MANY;
    for (size_t i = 0; i < count; i++) {
        seen[trial[i].sample.category[0] - 'A'][trial[i].sample.attack[0] - 'x'] += 1;
        for (int c = 0; c < 3; c++) {
            for (int a = 0; a < 2; a++) {
                if (fabs(seen[c][a] - share[c][a] * (double)(i + 1)) > 2)
                    fail_msg("%.0f samples of stratum %c%c among the first %zu", seen[c][a], 'A' + c, 'x' + a, i + 1);
            }
        }
    }
}

static void the_stratified_order_spreads_over_intents_first(void **state)
{
    struct fixture *f = *state;
    struct intake_options options = { .order = INTAKE_STRATIFIED, .seed = 3, .limit = MANY / 3, .shard_count = 1, .epochs = 1 };
    struct intake_counts counts = plan(f, "run000000001", uneven_samples(f, MANY), MANY, 1, &options);

    assert_int_equal(counts.samples, MANY / 3);
    assert_int_equal(counts.intents, MANY / 6); /* each stratum saw every intent once before any of them twice */
    assert_int_equal(sql_int(f, "SELECT max(n) FROM (SELECT count(*) n FROM v_verdict WHERE scorer = 'first' GROUP BY intent_id, attack)"),
                     1);
}

/* 90 intents: 60 in category A, 20 in B, 10 in C, with 1 to 7 samples by two attacks. Of each round (the nth sample of every
   intent that has n) any prefix has each stratum's share, within two samples. */
static void per_intent_every_intent_comes_once_before_any_comes_twice(void **state)
{
    enum { INTENTS = 90, MOST = 7 };
    struct fixture *f = *state;
    struct sample *sample = arena_array(f->arena, INTENTS * MOST, sizeof(*sample));
    size_t of_round[MOST] = { 0 }, share[MOST][3][2] = { { { 0 } } }, samples = 0, count;
    for (int i = 0; i < INTENTS; i++) {
        for (int k = 0; k <= i % MOST; k++)
            sample[samples++] = make_sample(f, arena_printf(f->arena, "s%d-%d", i, k), arena_printf(f->arena, "i%d", i),
                                            i < 60   ? "A"
                                            : i < 80 ? "B"
                                                     : "C",
                                            k % 2 ? "x" : "y");
    }
    struct intake_options options = { .order = INTAKE_PER_INTENT, .seed = 3, .shard_count = 1, .epochs = 1 };
    plan(f, "run000000001", sample, samples, 1, &options);
    struct pending_trial *trial = pending(f, "run000000001", 0, &count);
    assert_int_equal(count, samples);

    int *round = arena_array(f->arena, count, sizeof(*round)), seen[INTENTS] = { 0 };
    for (size_t i = 0; i < count; i++) {
        round[i] = seen[strtol(trial[i].sample.intent_id + 1, NULL, 10)]++;
        assert_true(i == 0 || round[i] >= round[i - 1]); /* nobody's second before everybody's first */
        of_round[round[i]]++;
        share[round[i]][trial[i].sample.category[0] - 'A'][trial[i].sample.attack[0] - 'x']++;
    }
    assert_int_equal(of_round[0], INTENTS);

    double got[3][2] = { { 0 } };
    for (size_t i = 0, start = 0; i < count; i++) {
        if (i > 0 && round[i] != round[i - 1]) {
            start = i;
            memset(got, 0, sizeof(got));
        }
        got[trial[i].sample.category[0] - 'A'][trial[i].sample.attack[0] - 'x']++;
        for (int c = 0; c < 3; c++) {
            for (int a = 0; a < 2; a++) {
                double fair = (double)share[round[i]][c][a] / (double)of_round[round[i]] * (double)(i + 1 - start);
                if (fabs(got[c][a] - fair) > 2)
                    fail_msg("%.0f samples of stratum %c%c among the first %zu of round %d", got[c][a], 'A' + c, 'x' + a, i + 1 - start,
                             round[i]);
            }
        }
    }
}

static void per_intent_a_limit_of_as_many_as_there_are_covers_all_intents(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = uneven_samples(f, MANY);
    struct intake_options options = { .order = INTAKE_FILE, .shard_count = 1, .epochs = 1 };
    int64_t intents = plan(f, "run000000001", sample, MANY, 1, &options).intents;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        options = (struct intake_options){ .order = INTAKE_PER_INTENT, .seed = seed, .limit = intents, .shard_count = 1, .epochs = 1 };
        struct intake_counts counts = plan(f, arena_printf(f->arena, "run00000010%d", (int)seed), sample, MANY, 1, &options);
        assert_int_equal(counts.samples, intents);
        assert_int_equal(counts.intents, intents);
    }
}

static void a_limit_takes_a_prefix_of_the_order(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 40);
    struct intake_options options = { .order = INTAKE_RANDOM, .seed = 7, .shard_count = 1, .epochs = 1 };
    plan(f, "run000000001", sample, 40, 1, &options);
    options.limit = 9;
    struct intake_counts counts = plan(f, "run000000002", sample, 40, 1, &options);

    struct endpoint_row all = endpoint_at(f, "run000000001", 0), some = endpoint_at(f, "run000000002", 0);
    const char *prefix = dispatch_order(f, &some);
    assert_int_equal(counts.dataset_samples, 40);
    assert_int_equal(counts.samples, 9);
    assert_memory_equal(dispatch_order(f, &all), prefix, strlen(prefix));
}

static void shards_are_disjoint_and_complete(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 50);
    int64_t planned = 0;
    for (int i = 0; i < 3; i++) {
        struct intake_options options = {
            .order = INTAKE_STRATIFIED, .seed = 1, .limit = 41, .shard_index = i, .shard_count = 3, .epochs = 1
        };
        planned += plan(f, arena_printf(f->arena, "run00000000%d", i), sample, 50, 1, &options).trials;
    }

    assert_int_equal(planned, 41);
    assert_int_equal(sql_int(f, "SELECT count(DISTINCT sample_id) FROM trial"), 41);
    assert_int_equal(sql_int(f, "SELECT max(n) - min(n) FROM (SELECT count(*) n FROM trial GROUP BY run_id)"), 1);
}

static void trials_of_an_endpoint_are_one_range_epoch_by_epoch(void **state)
{
    struct fixture *f = *state;
    struct intake_options options = { .order = INTAKE_FILE, .shard_count = 1, .epochs = 3 };
    struct intake_counts counts = plan(f, "run000000001", make_samples(f, 4), 4, 2, &options);
    assert_int_equal(counts.trials, 24);
    assert_int_equal(counts.samples, 4);

    for (size_t i = 0; i < 2; i++) {
        struct endpoint_row endpoint = endpoint_at(f, "run000000001", i);
        assert_int_equal(endpoint.last_trial - endpoint.first_trial, 11);
        assert_string_equal(dispatch_order(f, &endpoint), "s0,s1,s2,s3,s0,s1,s2,s3,s0,s1,s2,s3");
        size_t count;
        struct pending_trial *trial = pending(f, "run000000001", i, &count);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(trial[k].trial_id, endpoint.first_trial + (int64_t)k);
            assert_int_equal(trial[k].epoch, 1 + (int)k / 4);
        }
    }
}

static void a_sample_comes_back_as_it_went_in(void **state)
{
    struct fixture *f = *state;
    const struct sample_image image[] = { { .name = "images/ö 1.png", .bytes = 71 }, { .name = "b.jpg", .bytes = 5 } };
    struct sample in = make_sample(f, "S-1", "I-1", "C. Safety", "figstep");
    in.prompt = "a 'quoted' prompt;\nDROP TABLE run; -- ü";
    in.context = "what the image says";
    in.subcategory = "C1";
    in.expected = EXPECTED_BENIGN;
    in.twin = "S-2";
    in.split = "test";
    in.row = 17;
    in.extra_json = "{\"codeword\":\"canary\"}";
    in.image = image;
    in.image_count = 2;
    plan(f, "run000000001", &in, 1, 1, &fixture_options);

    size_t count;
    struct pending_trial *trial = pending(f, "run000000001", 0, &count);
    assert_int_equal(count, 1);
    const struct sample *out = &trial->sample;
    assert_string_equal(out->id, in.id);
    assert_string_equal(out->intent_id, in.intent_id);
    assert_string_equal(out->intent, in.intent);
    assert_string_equal(out->prompt, in.prompt);
    assert_string_equal(out->context, in.context);
    assert_string_equal(out->category, in.category);
    assert_string_equal(out->subcategory, in.subcategory);
    assert_string_equal(out->attack, in.attack);
    assert_int_equal(out->expected, EXPECTED_BENIGN);
    assert_string_equal(out->twin, "S-2");
    assert_string_equal(out->split, "test");
    assert_string_equal(out->file, "samples.jsonl");
    assert_int_equal(out->row, 17);
    assert_string_equal(out->extra_json, in.extra_json);
    assert_int_equal(out->image_count, 2);
    assert_string_equal(out->image[0].name, "images/ö 1.png");
    assert_string_equal(out->image[0].path, "/data/demo/images/ö 1.png");
    assert_int_equal(out->image[1].bytes, 5);
    assert_null(trial->image_sha256[0]);
}

static void the_same_data_set_is_found_again_and_its_rows_are_shared(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 20);
    struct intake_options options = fixture_options;
    options.limit = 5;
    plan(f, "run000000001", sample, 20, 1, &options);
    options.limit = 0;
    plan(f, "run000000002", sample, 20, 1, &options);
    struct intake_dataset moved = fixture_dataset;
    moved.root = "/elsewhere";
    struct intake_counts counts;
    ok(f, try_plan(f, "run000000003", NULL, 1, sample, 20, 1, &moved, &options, &counts));

    assert_int_equal(sql_int(f, "SELECT count(*) FROM dataset"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM sample"), 20);
    assert_int_equal(sql_int(f, "SELECT count(DISTINCT dataset_id) FROM run"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM trial a JOIN trial b ON a.sample_id = b.sample_id"
                                " WHERE a.run_id = 'run000000001' AND b.run_id = 'run000000002'"),
                     5);
    assert_string_equal(sql_text(f, "SELECT root FROM dataset"), "/elsewhere");
}

static void a_changed_sample_file_or_image_makes_another_data_set(void **state)
{
    struct fixture *f = *state;
    struct sample_image image = { .name = "a.png", .bytes = 10 };
    struct sample *sample = make_samples(f, 2);
    sample[1].image = &image;
    sample[1].image_count = 1;
    plan(f, "run000000001", sample, 2, 1, &fixture_options);
    image.bytes = 11;
    plan(f, "run000000002", sample, 2, 1, &fixture_options);
    sample[0].prompt = "changed";
    plan(f, "run000000003", sample, 2, 1, &fixture_options);
    struct intake_dataset dataset = fixture_dataset;
    dataset.files_sha256 = "other files";
    struct intake_counts counts;
    ok(f, try_plan(f, "run000000004", NULL, 1, sample, 2, 1, &dataset, &fixture_options, &counts));
    dataset.version = "";
    ok(f, try_plan(f, "run000000005", NULL, 1, sample, 2, 1, &dataset, &fixture_options, &counts));
    ok(f, try_plan(f, "run000000006", NULL, 1, sample, 2, 1, &dataset, &fixture_options, &counts)); /* NULL = NULL here */

    assert_int_equal(sql_int(f, "SELECT count(*) FROM dataset"), 5);
    assert_string_equal(sql_text(f, "SELECT sha256 FROM dataset WHERE id = (SELECT dataset_id FROM run WHERE id = 'run000000004')"),
                        "other files");
    assert_string_equal(sql_text(f, "SELECT group_concat(bytes) FROM image"), "10,11,11,11,11");
}

static void a_failed_plan_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 3);
    sample[2].id = "s0";
    struct intake_counts counts;

    enum err code = try_plan(f, "run000000001", NULL, 1, sample, 3, 1, &fixture_dataset, &fixture_options, &counts);

    assert_int_equal(code, ERR_INVALID);
    assert_non_null(strstr(f->e.msg, "'s0' stands twice"));
    assert_int_equal(sql_int(f, "SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM endpoint) + (SELECT count(*) FROM dataset)"), 0);
    assert_int_equal(plan(f, "run000000001", sample, 2, 1, &fixture_options).trials, 2); /* and the store is usable */
}

static void an_empty_selection_plans_nothing_and_says_so(void **state)
{
    struct fixture *f = *state;
    struct intake_counts counts = plan(f, "run000000001", NULL, 0, 1, &fixture_options);

    assert_int_equal(counts.samples, 0);
    assert_int_equal(counts.trials, 0);
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    assert_int_equal(endpoint.first_trial, 0);
    assert_string_equal(dispatch_order(f, &endpoint), "");
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(file_order_is_the_data_sets),
        WITH_STORE(random_order_depends_on_the_seed_and_on_nothing_else),
        WITH_STORE(any_prefix_of_the_stratified_order_is_a_fair_sample),
        WITH_STORE(the_stratified_order_spreads_over_intents_first),
        WITH_STORE(per_intent_every_intent_comes_once_before_any_comes_twice),
        WITH_STORE(per_intent_a_limit_of_as_many_as_there_are_covers_all_intents),
        WITH_STORE(a_limit_takes_a_prefix_of_the_order),
        WITH_STORE(shards_are_disjoint_and_complete),
        WITH_STORE(trials_of_an_endpoint_are_one_range_epoch_by_epoch),
        WITH_STORE(a_sample_comes_back_as_it_went_in),
        WITH_STORE(the_same_data_set_is_found_again_and_its_rows_are_shared),
        WITH_STORE(a_changed_sample_file_or_image_makes_another_data_set),
        WITH_STORE(a_failed_plan_leaves_nothing),
        WITH_STORE(an_empty_selection_plans_nothing_and_says_so),
    };
    return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
