/* Names that a server may give to files, and lists that are sound. */
#include "hub_case.h"

#include "hub/hub_file.h"

#include <string.h>

static void names_that_stay_in_the_folder_are_fine(void **state)
{
    static const char *const table[] = { "a",         ".gitattributes", "a/b/c.png",        "a b", "..a/b..",
                                         "a/...",     "\xc3\xa4/1.png", "sub/dataset.lock", "-x",  "dataset.lock.txt",
                                         "incomplete" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (hub_path_problem(table[i]))
            fail_msg("'%s': %s", table[i], hub_path_problem(table[i]));
}

static void names_that_would_leave_it_are_not(void **state)
{
    static const char *const table[] = {
        "",
        "/etc/passwd",
        "..",
        "../a",
        "a/../b",
        "a/..",
        "./a",
        "a/.",
        "a//b",
        "a/",
        "/",
        "a\\b",
        "a\nb",
        "a\x1b[2J",
        "a\x7f",
        "\xff\xfe",
        "ab\xe2\x80\xae",
        "dataset.lock",
        "Dataset.LOCK",
        ".gauntlet-pull",
        "x.incomplete",
        "a/X.INCOMPLETE",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (!hub_path_problem(table[i]))
            fail_msg("'%s' was accepted", table[i]);
}

static void names_have_a_ceiling(void **state)
{
    char name[2000];
    (void)state;

    memset(name, 'a', sizeof(name));
    name[240] = '\0';
    assert_null(hub_path_problem(name));
    name[240] = 'a';
    name[241] = '\0';
    assert_non_null(hub_path_problem(name));

    for (size_t i = 100; i < sizeof(name); i += 100)
        name[i] = '/';
    name[241] = 'a';
    name[1024] = '\0';
    assert_null(hub_path_problem(name));
    name[1024] = 'a';
    name[1025] = '\0';
    assert_non_null(hub_path_problem(name));
}

static struct hub_listing list_of(const char *const *path, size_t count)
{
    struct hub_listing l = { 0 };
    for (size_t i = 0; i < count; i++) {
        struct hub_file *f = hub_listing_add(&l);
        f->path = path[i];
        f->size = 10;
    }
    return l;
}

static void a_list_is_sorted_summed_and_searched(void **state)
{
    static const char *const path[] = { "b", "a/z", "a!b", "a/b/c" };
    struct hub_listing l = list_of(path, ARRAY_LEN(path));
    (void)state;

    assert_int_equal(hub_listing_seal(&l, NULL), OK);

    assert_int_equal(l.bytes, 40);
    assert_string_equal(l.file[0].path, "a/b/c");
    assert_string_equal(hub_listing_find(&l, "a!b")->path, "a!b");
    assert_null(hub_listing_find(&l, "a"));
    hub_listing_release(&l);
    assert_null(hub_listing_find(&l, "a"));
}

static void a_list_that_cannot_be_written_is_refused(void **state)
{
    static const char *const twice[] = { "a", "b", "a" }, *const both[] = { "a/b", "a!", "a" }, *const deep[] = { "x/y", "x/y/z", "x/y0" };
    const char *const *const table[] = { twice, both, deep };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct hub_listing l = list_of(table[i], 3);
        assert_int_equal(hub_listing_seal(&l, NULL), ERR_INVALID);
        hub_listing_release(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_stay_in_the_folder_are_fine),
        cmocka_unit_test(names_that_would_leave_it_are_not),
        cmocka_unit_test(names_have_a_ceiling),
        cmocka_unit_test(a_list_is_sorted_summed_and_searched),
        cmocka_unit_test(a_list_that_cannot_be_written_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
