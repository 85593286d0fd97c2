#include "dataset/digest_cache.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct fs_stamp file = { .device = 8, .inode = 77, .size = 3, .modified_ns = 1000, .changed_ns = 1001, .settled = true };

/* What the cache says of a file, given bytes that tell whether it looked at them. */
static const char *said(struct digest_cache *c, const struct fs_stamp *stamp, const char *bytes)
{
    static struct sha256_hex sha;
    sha = digest_cache_sha256(c, stamp, bytes, strlen(bytes));
    return sha.text;
}

static void a_file_is_hashed_once(void **state)
{
    (void)state;
    struct digest_cache *c = digest_cache_new();
    assert_string_equal(said(c, &file, "abc"), sha256_of("abc", 3).text);
    assert_string_equal(said(c, &file, "not looked at"), sha256_of("abc", 3).text);
    digest_cache_free(c);
}

static void a_file_that_differs_in_any_of_its_marks_is_another(void **state)
{
    (void)state;
    struct fs_stamp other[] = { file, file, file, file, file };
    other[0].device++;
    other[1].inode++;
    other[2].size++;
    other[3].modified_ns++;
    other[4].changed_ns++;
    for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++) {
        struct digest_cache *c = digest_cache_new();
        (void)said(c, &file, "abc");
        assert_string_equal(said(c, &other[i], "xyz"), sha256_of("xyz", 3).text);
        digest_cache_free(c);
    }
}

static void a_file_that_changed_just_now_is_hashed_each_time(void **state)
{
    (void)state;
    struct digest_cache *c = digest_cache_new();
    struct fs_stamp fresh = file;
    fresh.settled = false;
    assert_string_equal(said(c, &fresh, "abc"), sha256_of("abc", 3).text);
    assert_string_equal(said(c, &fresh, "xyz"), sha256_of("xyz", 3).text);
    struct fs_stamp nothing = { 0 };
    assert_string_equal(said(c, &nothing, "abc"), sha256_of("abc", 3).text);
    assert_string_equal(said(c, &nothing, "xyz"), sha256_of("xyz", 3).text);
    digest_cache_free(c);
}

static void more_files_than_slots_are_all_told_rightly(void **state)
{
    (void)state;
    struct digest_cache *c = digest_cache_new();
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 1; i <= 40000; i++) {
            struct fs_stamp stamp = file;
            stamp.inode = i;
            struct sha256_hex sha = digest_cache_sha256(c, &stamp, &i, sizeof(i));
            if (i % 1000 == 0)
                assert_string_equal(sha.text, sha256_of(&i, sizeof(i)).text);
        }
    }
    digest_cache_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_hashed_once),
        cmocka_unit_test(a_file_that_differs_in_any_of_its_marks_is_another),
        cmocka_unit_test(a_file_that_changed_just_now_is_hashed_each_time),
        cmocka_unit_test(more_files_than_slots_are_all_told_rightly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
