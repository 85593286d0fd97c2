/* lookup: from a request back to its sample. */
#include "dataset/dataset.h"
#include "sim/lookup.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct lookup_row row_a = { "a", "C1", "split", "KESTREL-44", EXPECTED_ATTACK };
static const struct lookup_row row_b = { "b", "C2", "split", "", EXPECTED_BENIGN };

static void prompt_and_images_in_order_are_the_key(void **state)
{
    (void)state;
    struct lookup *l = lookup_new();
    struct sha256_hex images[2] = { sha256_of("1", 1), sha256_of("2", 1) }, swapped[2] = { images[1], images[0] };
    assert_true(lookup_add(l, "p", 1, images, 2, &row_a));
    assert_true(lookup_add(l, "p", 1, swapped, 2, &row_b));

    const struct lookup_row *row = lookup_find(l, "p", 1, images, 2);
    assert_string_equal(row->key, "a");
    assert_string_equal(row->category, "C1");
    assert_string_equal(row->attack, "split");
    assert_string_equal(row->codeword, "KESTREL-44");
    assert_int_equal(row->expected, EXPECTED_ATTACK);
    row = lookup_find(l, "p", 1, swapped, 2);
    assert_string_equal(row->key, "b");
    assert_string_equal(row->codeword, "");
    assert_int_equal(row->expected, EXPECTED_BENIGN);
    assert_null(lookup_find(l, "p", 1, images, 1));
    assert_null(lookup_find(l, "p", 1, NULL, 0));
    assert_null(lookup_find(l, "q", 1, images, 2));
    lookup_free(l);
}

static void of_two_equal_questions_the_first_is_found(void **state)
{
    (void)state;
    struct lookup *l = lookup_new();

    assert_true(lookup_add(l, "same", 4, NULL, 0, &row_a));
    assert_false(lookup_add(l, "same", 4, NULL, 0, &row_b));

    assert_string_equal(lookup_find(l, "same", 4, NULL, 0)->key, "a");
    assert_int_equal(lookup_count(l), 1);
    lookup_free(l);
}

static void thousands_are_all_found_again(void **state)
{
    (void)state;
    struct lookup *l = lookup_new();
    char key[16], category[16];
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(key, sizeof(key), "s%d", i);
        (void)snprintf(category, sizeof(category), "c%d", i % 700); /* more than the table of recent words holds */
        assert_true(lookup_add(l, key, strlen(key), NULL, 0, &(struct lookup_row){ key, category, "a", "", EXPECTED_ATTACK }));
    }
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(key, sizeof(key), "s%d", i);
        (void)snprintf(category, sizeof(category), "c%d", i % 700);
        const struct lookup_row *row = lookup_find(l, key, strlen(key), NULL, 0);
        assert_string_equal(row->key, key);
        assert_string_equal(row->category, category);
    }
    assert_null(lookup_find(l, "s5000", 5, NULL, 0));
    lookup_free(l);
}

static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89";

static void a_data_set_is_indexed_with_its_images(void **state)
{
    (void)state;
    struct scratch s;
    struct error e = { 0 };
    assert_int_equal(scratch_open(&s), 0);
    (void)scratch_file(&s, "tiny/images/one.png", png, sizeof(png) - 1);
    (void)scratch_text(&s, "tiny/samples.jsonl",
                       "{\"id\":\"s1\",\"intent\":\"i\",\"prompt\":\"read it\",\"images\":[\"images/one.png\"],\"category\":\"C1\","
                       "\"attack\":\"split\",\"expected\":\"attack\",\"codeword\":\"KESTREL-44\"}\n"
                       "{\"id\":\"s2\",\"intent\":\"i\",\"prompt\":\"read it\",\"images\":[],\"category\":\"C2\",\"expected\":\"benign\"}\n"
                       "{\"id\":\"s3\",\"intent\":\"i\",\"prompt\":\"lost\",\"images\":[\"images/none.png\"],\"category\":\"C2\"}\n");
    (void)scratch_text(&s, "tiny/dataset.yaml",
                       "gauntlet_dataset: 1\nname: tiny\nversion: \"1\"\nformat: jsonl\nfiles: [{path: samples.jsonl}]\n"
                       "licence: {id: CC0-1.0}\nsource: {kind: local, id: test}\n");
    struct lookup *l = lookup_new();

    if (lookup_add_dataset(l, &(struct dataset_source){ .path = scratch_path(&s, "tiny") }, &e) != OK)
        fail_msg("%s", e.msg);

    struct sha256_hex image = sha256_of(png, sizeof(png) - 1);
    const struct lookup_row *row = lookup_find(l, "read it", 7, &image, 1);
    assert_non_null(row);
    assert_string_equal(row->key, "s1");
    assert_string_equal(row->codeword, "KESTREL-44");
    row = lookup_find(l, "read it", 7, NULL, 0);
    assert_non_null(row);
    assert_string_equal(row->key, "s2");
    assert_string_equal(row->category, "C2");
    assert_int_equal(row->expected, EXPECTED_BENIGN);
    assert_int_equal(lookup_count(l), 2);
    lookup_free(l);
    scratch_close(&s);
}

static void a_data_set_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct lookup *l = lookup_new();
    struct error e = { 0 };

    assert_int_not_equal(lookup_add_dataset(l, &(struct dataset_source){ .path = "/no/such/dataset" }, &e), OK);

    assert_non_null(strstr(e.msg, "/no/such/dataset"));
    lookup_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prompt_and_images_in_order_are_the_key),
        cmocka_unit_test(of_two_equal_questions_the_first_is_found),
        cmocka_unit_test(thousands_are_all_found_again),
        cmocka_unit_test(a_data_set_is_indexed_with_its_images),
        cmocka_unit_test(a_data_set_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
