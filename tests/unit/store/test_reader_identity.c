/* What a run was over, as counts and as a digest. */
#include "store_fixture.h"

static const char *digest(struct fixture *f, const char *run_id, bool *ret_whole)
{
    char hex[65];
    ok(f, store_sample_set_sha256(f->store, run_id, hex, ret_whole, &f->e));
    return arena_strdup(f->arena, hex);
}

static void the_digest_is_over_the_samples_in_key_order(void **state)
{
    struct fixture *f = *state;
    struct sample sample[] = { make_sample(f, "b", "i", "A", "x"), make_sample(f, "a", "i", "A", "x"), make_sample(f, "B", "i", "A", "x") };
    const struct sample_image image[] = { { .name = "1.png", .bytes = 1 }, { .name = "2.png", .bytes = 2 } };
    sample[1].image = image;
    sample[1].image_count = 2;
    sample[2].expected = EXPECTED_BENIGN;
    plan(f, "run000000001", sample, 3, 2, &fixture_options);
    int64_t sample_id = sql_int(f, "SELECT id FROM sample WHERE key = 'a'");
    bool whole;
    digest(f, "run000000001", &whole);
    assert_false(whole);

    ok(f, store_image_seen(f->store, &(struct image_seen){ sample_id, 0, "image/png", 1, 1, 1, "f1" }, &f->e));
    ok(f, store_image_seen(f->store, &(struct image_seen){ sample_id, 1, "image/png", 2, 1, 1, "f2" }, &f->e));

    static const char text[] = "B\0prompt of B\0an intent\0benign\0\n"
                               "a\0prompt of a\0an intent\0attack\0f1 f2 \n"
                               "b\0prompt of b\0an intent\0attack\0\n";
    assert_string_equal(digest(f, "run000000001", &whole), sha256_of(text, sizeof(text) - 1).text);
    assert_true(whole);
}

static void a_run_has_images_when_one_of_its_samples_has(void **state)
{
    struct fixture *f = *state;
    struct sample sample[] = { make_sample(f, "a", "i", "A", "x"), make_sample(f, "b", "i", "A", "x") };
    const struct sample_image image[] = { { .name = "1.png", .bytes = 1 } };
    bool images;
    plan(f, "run000000001", sample, 1, 1, &fixture_options);
    sample[1].image = image;
    sample[1].image_count = 1;
    plan(f, "run000000002", sample, 2, 1, &fixture_options);

    ok(f, store_run_has_images(f->store, "run000000001", &images, &f->e));
    assert_false(images);
    ok(f, store_run_has_images(f->store, "run000000002", &images, &f->e));
    assert_true(images);
}

static void order_and_epochs_leave_the_digest_alone_and_a_limit_does_not(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 20);
    bool whole;
    plan(f, "run000000001", sample, 20, 1, &fixture_options);
    struct intake_options options = { .order = INTAKE_STRATIFIED, .seed = 5, .shard_count = 1, .epochs = 3 };
    plan(f, "run000000002", sample, 20, 2, &options);
    options.limit = 19;
    plan(f, "run000000003", sample, 20, 1, &options);

    assert_string_equal(digest(f, "run000000001", &whole), digest(f, "run000000002", &whole));
    assert_string_not_equal(digest(f, "run000000001", &whole), digest(f, "run000000003", &whole));
    assert_true(whole);
}

static void counts_are_of_the_planned_samples(void **state)
{
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 20);
    for (int i = 0; i < 10; i++)
        sample[i].subcategory = i % 2 ? "A1" : "A2";
    struct intake_options options = { .order = INTAKE_FILE, .limit = 7, .shard_count = 1, .epochs = 2 };
    struct intake_counts planned = plan(f, "run000000001", sample, 20, 2, &options);

    struct dataset_counts c;
    ok(f, store_dataset_counts(f->store, "run000000001", &c, &f->e));
    assert_int_equal(c.samples, 7);
    assert_int_equal(c.intents, 3);
    assert_int_equal(c.categories, 2);
    assert_int_equal(c.subcategories, 2);
    assert_int_equal(planned.samples, c.samples);
    assert_int_equal(planned.intents, c.intents);
    assert_int_equal(planned.categories, c.categories);
    assert_int_equal(planned.subcategories, c.subcategories);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(the_digest_is_over_the_samples_in_key_order),
        WITH_STORE(a_run_has_images_when_one_of_its_samples_has),
        WITH_STORE(order_and_epochs_leave_the_digest_alone_and_a_limit_does_not),
        WITH_STORE(counts_are_of_the_planned_samples),
    };
    return cmocka_run_group_tests_name("reader_identity", tests, NULL, NULL);
}
