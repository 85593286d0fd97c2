/* A file on the disk while it is pulled: only what is right gets its name. */
#include "hub_case.h"

#include "hub/hub_busy.h"
#include "hub/hub_lock.h"
#include "hub/hub_part.h"
#include "scratch.h"

#include <sys/stat.h>

#define HELLO_SHA256 "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" /* sha256sum of "hello" */
#define HELLO_OID "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"                            /* git hash-object of it */

static struct scratch scratch;
static struct hub_place place;

static int set_up(void **state)
{
    (void)state;
    if (scratch_open(&scratch) != 0)
        return -1;
    place = (struct hub_place){ .root = scratch.dir };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

static struct hub_file hello(void)
{
    return (struct hub_file){ .path = "sub/hello.txt", .size = 5, .git_oid = HELLO_OID };
}

static enum hub_found prepare(struct hub_part *p, struct hub_file *file)
{
    enum hub_found found;
    struct error e;
    hub_part_init(p, &place, file);
    if (hub_part_prepare(p, &found, &e) != OK)
        fail_msg("%s", e.msg);
    return found;
}

static const char *text_of(const char *name)
{
    struct strbuf text = STRBUF_INIT;
    if (fs_read_file(scratch_path(&scratch, name), 1000, &text, NULL) != OK)
        return "(absent)";
    const char *copy = arena_strdup(&scratch.arena, text.buf);
    strbuf_release(&text);
    return copy;
}

static void both_hashes_are_those_of_git_and_sha256sum(void **state)
{
    struct hub_file f = hello();
    char sha256[SHA256_HEX + 1];
    CLEANUP(hub_digest_freep) struct hub_digest *d = hub_digest_new(5);
    (void)state;

    hub_digest_add(d, "he", 2);
    hub_digest_add(d, "llo", 3);
    assert_true(hub_digest_is(d, &f, sha256));
    assert_string_equal(sha256, HELLO_SHA256);

    hub_digest_add(d, "hellO", 5);
    assert_false(hub_digest_is(d, &f, sha256));
    hub_digest_add(d, "hello", 5);
    hub_digest_reset(d);
    assert_int_equal(hub_digest_bytes(d), 0);
    hub_digest_add(d, "hello", 5);
    memcpy(f.sha256, HELLO_SHA256, sizeof(f.sha256));
    assert_true(hub_digest_is(d, &f, NULL));
    f.sha256[0] = '0';
    hub_digest_add(d, "hello", 5);
    assert_false(hub_digest_is(d, &f, NULL));
}

static void a_file_without_any_hash_is_never_right(void **state)
{
    const struct hub_file f = { .path = "x", .size = 5 };
    CLEANUP(hub_digest_freep) struct hub_digest *d = hub_digest_new(5);
    (void)state;
    hub_digest_add(d, "hello", 5);
    assert_false(hub_digest_is(d, &f, NULL));
}

static void a_part_grows_and_gets_its_name(void **state)
{
    struct hub_file f = hello();
    struct hub_part p;
    bool right = false;
    (void)state;

    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING);
    assert_int_equal(hub_part_write(&p, "hel", 3, NULL), OK);
    assert_string_equal(text_of("sub/hello.txt.incomplete"), "hel");
    assert_string_equal(text_of("sub/hello.txt"), "(absent)");
    assert_int_equal(hub_part_write(&p, "lo", 2, NULL), OK);
    assert_int_equal(hub_part_seal(&p, &right, NULL), OK);
    hub_part_close(&p);

    assert_true(right);
    assert_string_equal(text_of("sub/hello.txt"), "hello");
    assert_string_equal(text_of("sub/hello.txt.incomplete"), "(absent)");
    assert_string_equal(f.sha256, HELLO_SHA256);
    assert_int_equal(prepare(&p, &f), HUB_FOUND_KEPT);
    hub_part_close(&p);
}

static void what_broke_off_is_continued(void **state)
{
    struct hub_file f = hello();
    struct hub_part p;
    bool right = false;
    (void)state;

    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING);
    assert_int_equal(hub_part_write(&p, "hel", 3, NULL), OK);
    hub_part_close(&p);
    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING);
    assert_int_equal(p.have, 3);
    assert_int_equal(hub_part_write(&p, "lo", 2, NULL), OK);
    assert_int_equal(hub_part_seal(&p, &right, NULL), OK);
    hub_part_close(&p);

    assert_true(right);
}

static void a_part_that_is_the_whole_needs_no_request(void **state)
{
    struct hub_file f = hello();
    struct hub_part p;
    (void)state;
    scratch_text(&scratch, "sub/hello.txt.incomplete", "hello");

    assert_int_equal(prepare(&p, &f), HUB_FOUND_RESUMED);
    hub_part_close(&p);

    assert_string_equal(text_of("sub/hello.txt"), "hello");
}

static void what_is_complete_and_wrong_is_removed(void **state)
{
    struct hub_file f = hello();
    struct hub_part p;
    bool right = true;
    (void)state;

    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING);
    assert_int_equal(hub_part_write(&p, "jello", 5, NULL), OK);
    assert_int_equal(hub_part_seal(&p, &right, NULL), OK);
    hub_part_close(&p);

    assert_false(right);
    assert_string_equal(text_of("sub/hello.txt.incomplete"), "(absent)");
    assert_string_equal(text_of("sub/hello.txt"), "(absent)");
    scratch_text(&scratch, "sub/hello.txt.incomplete", "much too long");
    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING);
    assert_int_equal(p.have, 0);
    hub_part_close(&p);
    assert_string_equal(text_of("sub/hello.txt.incomplete"), "(absent)"); /* an empty part is no part */
}

static void somebody_elses_file_is_left_alone(void **state)
{
    struct hub_file f = hello();
    struct hub_part p;
    (void)state;
    scratch_text(&scratch, "sub/hello.txt", "other");

    assert_int_equal(prepare(&p, &f), HUB_FOUND_OTHER);
    hub_part_close(&p);
    assert_string_equal(text_of("sub/hello.txt"), "other");

    place.replace = true;
    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING);
    hub_part_close(&p);
    assert_string_equal(text_of("sub/hello.txt"), "other");
}

static void links_do_not_lead_out_of_the_folder(void **state)
{
    struct hub_file f = hello();
    struct hub_part p;
    struct error e;
    enum hub_found found;
    (void)state;
    const char *outside = scratch_text(&scratch, "outside/file", "untouched"), *root = scratch_path(&scratch, "root");
    assert_int_equal(mkdir(root, 0777), 0);
    place.root = root;

    assert_int_equal(symlink("../outside", scratch_path(&scratch, "root/sub")), 0);
    hub_part_init(&p, &place, &f);
    assert_int_equal(hub_part_prepare(&p, &found, &e), ERR_INVALID);
    hub_part_close(&p);

    f.path = "hello.txt";
    assert_int_equal(symlink(outside, scratch_path(&scratch, "root/hello.txt.incomplete")), 0);
    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING); /* the link is removed, not followed */
    assert_int_equal(hub_part_write(&p, "hel", 3, NULL), OK);
    hub_part_close(&p);
    assert_string_equal(text_of("outside/file"), "untouched");
}

static void a_cache_is_read_and_never_written(void **state)
{
    struct hub_file f = hello();
    struct hub_part p;
    struct hub_cache cache;
    (void)state;
    const char *blob = scratch_text(&scratch, "cache/datasets--org--set/blobs/" HELLO_OID, "hello");
    hub_cache_open(&cache, scratch_path(&scratch, "cache"), "org/set");
    place.cache = &cache;

    assert_int_equal(prepare(&p, &f), HUB_FOUND_CACHED);
    hub_part_close(&p);
    assert_string_equal(text_of("sub/hello.txt"), "hello");

    assert_int_equal(unlink(scratch_path(&scratch, "sub/hello.txt")), 0);
    assert_int_equal(link(blob, scratch_path(&scratch, "sub/hello.txt.incomplete")), 0); /* as a crash may leave it */
    place.cache = NULL;
    assert_int_equal(prepare(&p, &f), HUB_FOUND_NOTHING);
    assert_int_equal(p.have, 0);
    assert_int_equal(hub_part_write(&p, "jel", 3, NULL), OK);
    hub_part_close(&p);
    assert_string_equal(text_of("cache/datasets--org--set/blobs/" HELLO_OID), "hello");
    hub_cache_close(&cache);
}

static void a_snapshot_of_the_cache_is_listed_by_its_links(void **state)
{
    static const char commit[] = "0123456789abcdef0123456789abcdef01234567";
    struct arena a = ARENA_INIT;
    struct hub_listing l = { 0 };
    struct hub_cache cache;
    char found[HUB_COMMIT_HEX + 1];
    struct error e;
    (void)state;
    scratch_text(&scratch, "c/datasets--org--set/blobs/" HELLO_OID, "hello");
    scratch_text(&scratch, "c/datasets--org--set/blobs/" HELLO_SHA256, "hello");
    scratch_text(&scratch, "c/datasets--org--set/refs/main", commit);
    scratch_text(&scratch, "c/datasets--org--set/refs/odd", "not a commit");
    const char *link = arena_printf(&a, "%s/c/datasets--org--set/snapshots/%s/sub/a.txt", scratch.dir, commit);
    assert_int_equal(fs_make_parents(link, NULL), OK);
    assert_int_equal(symlink("../../../blobs/" HELLO_OID, link), 0);
    link = arena_printf(&a, "%s/c/datasets--org--set/snapshots/%s/b.png", scratch.dir, commit);
    assert_int_equal(symlink("../../blobs/" HELLO_SHA256, link), 0);

    hub_cache_open(&cache, scratch_path(&scratch, "c"), "org/set");
    assert_true(hub_cache_commit(&cache, "main", found));
    assert_string_equal(found, commit);
    assert_false(hub_cache_commit(&cache, "odd", found));
    assert_false(hub_cache_commit(&cache, "absent", found));
    assert_int_equal(hub_cache_list(&cache, commit, &a, &l, &e), OK);

    assert_int_equal(l.count, 2);
    assert_string_equal(hub_listing_find(&l, "sub/a.txt")->git_oid, HELLO_OID);
    assert_string_equal(hub_listing_find(&l, "b.png")->sha256, HELLO_SHA256);
    assert_int_equal(l.bytes, 10);
    hub_listing_release(&l);

    scratch_text(&scratch, arena_printf(&a, "c/datasets--org--set/snapshots/%s/copied", commit), "hello");
    assert_int_equal(hub_cache_list(&cache, commit, &a, &l, &e), ERR_INVALID); /* no link, no hash, no proof */
    hub_cache_close(&cache);
    hub_cache_open(&cache, scratch_path(&scratch, "c"), "org/other");
    assert_int_equal(hub_cache_list(&cache, commit, &a, &l, &e), ERR_NOT_FOUND);
    hub_cache_close(&cache);
    arena_release(&a);
}

static void a_lock_is_read_as_it_was_written(void **state)
{
    struct arena a = ARENA_INIT;
    struct hub_lock lock = { .repo = "org/set",
                             .endpoint = "https://hub",
                             .revision = "v\"1",
                             .commit = "0123456789abcdef0123456789abcdef01234567",
                             .licence = "mit",
                             .gated = "auto",
                             .is_private = true,
                             .pulled_us = 1795503953000000 };
    struct hub_lock back;
    struct error e;
    (void)state;
    struct hub_file *f = hub_listing_add(&lock.listing);
    *f = hello();
    memcpy(f->sha256, HELLO_SHA256, sizeof(f->sha256));
    assert_int_equal(hub_listing_seal(&lock.listing, NULL), OK);

    assert_int_equal(hub_lock_read(scratch.dir, &a, &back, &e), ERR_NOT_FOUND);
    assert_int_equal(hub_lock_write(scratch.dir, &lock, &e), OK);
    assert_int_equal(hub_lock_read(scratch.dir, &a, &back, &e), OK);

    assert_string_equal(back.repo, "org/set");
    assert_string_equal(back.revision, "v\"1");
    assert_string_equal(back.commit, lock.commit);
    assert_string_equal(back.licence, "mit");
    assert_string_equal(back.gated, "auto");
    assert_true(back.is_private);
    assert_false(back.from_cache);
    assert_int_equal(back.listing.count, 1);
    assert_int_equal(back.listing.bytes, 5);
    assert_string_equal(back.listing.file[0].sha256, HELLO_SHA256);
    assert_string_equal(back.listing.file[0].git_oid, HELLO_OID);
    assert_int_equal(hub_lock_remove(scratch.dir, &e), OK);
    assert_int_equal(hub_lock_remove(scratch.dir, &e), OK);
    hub_lock_release(&back);
    hub_lock_release(&lock);
    arena_release(&a);
}

static void a_lock_that_is_none_is_refused(void **state)
{
    static const char *const table[] = {
        "",
        "[]",
        "{\"gauntlet_lock\": 1}",
        "{\"gauntlet_lock\": 1, \"files\": []}",
        "{\"gauntlet_lock\": 2, \"url\": \"https://h/f\", \"files\": []}",
        "{\"gauntlet_lock\": 1, \"url\": \"https://h/f\", \"files\": [{\"path\": \"../x\", \"size\": 1, \"sha256\": \"" HELLO_SHA256
        "\"}]}",
        "{\"gauntlet_lock\": 1, \"url\": \"https://h/f\", \"files\": [{\"path\": \"x\", \"size\": 1, \"sha256\": \"short\"}]}",
        "{\"gauntlet_lock\": 1, \"url\": \"https://h/f\", \"files\": [{\"path\": \"x\", \"size\": -1, \"sha256\": \"" HELLO_SHA256 "\"}]}",
        "{\"gauntlet_lock\": 1, \"repo\": \"org/set\", \"revision\": \"main\", \"commit\": \"main\", \"files\": []}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct hub_lock lock;
        struct error e;
        scratch_text(&scratch, HUB_LOCK_NAME, table[i]);
        enum err rc = hub_lock_read(scratch.dir, &a, &lock, &e);
        if (rc != ERR_INVALID && rc != ERR_UNSUPPORTED)
            fail_msg("%s: %d", table[i], (int)rc);
        arena_release(&a);
    }
}

static void one_pull_at_a_time_holds_a_folder(void **state)
{
    struct hub_busy first = HUB_BUSY_INIT, second = HUB_BUSY_INIT;
    struct error e = { 0 };
    (void)state;

    assert_int_equal(hub_busy_take(&first, scratch.dir, &e), OK);
    assert_int_equal(hub_busy_take(&second, scratch.dir, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, arena_printf(&scratch.arena, "(process %ld)", (long)getpid())));
    hub_busy_release(&second);
    hub_busy_release(&first);
    assert_string_equal(text_of(HUB_BUSY_NAME), "(absent)");

    scratch_text(&scratch, HUB_BUSY_NAME, "12345\n"); /* as a crash leaves it */
    assert_int_equal(hub_busy_take(&second, scratch.dir, &e), OK);
    hub_busy_release(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_hashes_are_those_of_git_and_sha256sum),
        cmocka_unit_test(a_file_without_any_hash_is_never_right),
        cmocka_unit_test_setup_teardown(a_part_grows_and_gets_its_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_broke_off_is_continued, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_part_that_is_the_whole_needs_no_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_complete_and_wrong_is_removed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(somebody_elses_file_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_do_not_lead_out_of_the_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cache_is_read_and_never_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_snapshot_of_the_cache_is_listed_by_its_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_is_read_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_that_is_none_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_pull_at_a_time_holds_a_folder, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
