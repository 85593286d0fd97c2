/* Archives: names, zip directories, tar streams, and members through the one door; every kind of bad archive. */
#include "dataset/archive_index.h"
#include "dataset/image_source.h"
#include "dataset/recent_members.h"

#include "archive_builder.h"
#include "core/limits.h"
#include "scratch.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define FIXTURES "tests/unit/dataset/archives/"

static struct scratch scratch;
static char root[PATH_MAX];

static int open_scratch(void **state)
{
    (void)state;
    return scratch_open(&scratch) == 0 && realpath(scratch.dir, root) ? 0 : -1;
}

static int close_scratch(void **state)
{
    (void)state;
    scratch_close(&scratch);
    return 0;
}

/* ---- Asking ---- */

static void assert_reads(struct image_source *s, const char *name, const char *text)
{
    struct image_bytes read;
    struct error e = { 0 };
    int64_t found = -1;
    if (image_source_find(s, name, &found, &e) != OK || image_source_read(s, name, &read, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
    assert_int_equal(found, strlen(text));
    assert_int_equal(read.len, strlen(text));
    assert_memory_equal(read.bytes, text, read.len);
    image_bytes_release(&read);
}

/* Asks for one member of a fresh source. */
static void assert_refused(const char *name, enum err code, const char *says)
{
    struct image_source *s = image_source_new(root);
    struct image_bytes read;
    struct error e = { 0 };
    enum err err = image_source_read(s, name, &read, &e);
    if (err != code || strcmp(e.msg, says) != 0)
        fail_msg("%s: %d '%s' is not %d '%s'", name, (int)err, e.msg, (int)code, says);
    image_source_free(s);
}

static void save(const char *name, const struct strbuf *bytes)
{
    (void)scratch_file(&scratch, name, bytes->buf, bytes->len);
}

static void copy_fixture(const char *name)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    struct error e;
    if (fs_read_file(arena_printf(&scratch.arena, FIXTURES "%s", name), MIB, &bytes, &e) != OK)
        fail_msg("%s", e.msg);
    save(name, &bytes);
}

/* ---- Names ---- */

static void names_of_archives_and_members_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(archive_name_split("images/1.png"), 0);
    assert_int_equal(archive_name_split("a/b.zip!c/d.png"), 7);
    assert_int_equal(archive_name_split("a!b/c.TAR.GZ!d!e.png"), 12);
    assert_int_equal(archive_name_split("shard.tar"), 9);
    assert_int_equal(archive_name_split(".tar"), 0);
    assert_int_equal(archive_name_split("really!.png"), 0);
    assert_true(archive_name_has_member("b.tgz!c"));
    assert_false(archive_name_has_member("b.tgz"));
    assert_int_equal(archive_name_kind("x.tar.zst!a"), ARCHIVE_TAR_PACKED);
    assert_int_equal(archive_name_kind("x.tar!a"), ARCHIVE_TAR);
    assert_int_equal(archive_name_kind("x.rar!a"), ARCHIVE_NONE);
}

static void a_member_has_one_name_and_hostile_ones_none(void **state)
{
    static const struct {
        const char *raw, *clean, *problem;
    } table[] = {
        { "a/b.png", "a/b.png", NULL },
        { "./a//b.png", "a/b.png", NULL },
        { "./", "", NULL },
        { "a/./b/", "a/b", NULL },
        { "..a/b..", "..a/b..", NULL },
        { "/etc/passwd", "", "has an absolute path" },
        { "../x", "", "has `..` in its path" },
        { "a/../../x", "", "has `..` in its path" },
        { "a/..", "", "has `..` in its path" },
        { "a\nb", "", "has control characters in its name" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf clean = STRBUF_INIT;
        const char *problem = archive_member_name(table[i].raw, strlen(table[i].raw), &clean);
        assert_string_equal(problem ? problem : "", table[i].problem ? table[i].problem : "");
        assert_string_equal(clean.buf, table[i].clean);
    }
}

/* ---- What other programs wrote ---- */

static void archives_of_other_programs_are_read(void **state)
{
    static const char *const archives[] = { "deflated.zip", "stored.zip", "pax.tar.gz", "gnu.tar.zst" };
    char zeros[3001];
    (void)state;
    memset(zeros, 'z', 3000);
    zeros[3000] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(archives); i++) {
        struct image_source *s = image_source_new(root);
        copy_fixture(archives[i]);
        const char *name[] = { "d/\xC3\xA4.txt", "d/a.txt", "d/zeros.txt", "d/empty.txt" };
        const char *text[] = { "zweites Mitglied\n", "first member\n", zeros, "" };
        for (size_t k = 0; k < ARRAY_LEN(name); k++)
            assert_reads(s, arena_printf(&scratch.arena, "%s!%s", archives[i], name[k]), text[k]);
        char longest[121];
        memset(longest, 'x', 120);
        longest[120] = '\0';
        assert_reads(s, arena_printf(&scratch.arena, "%s!d/%s.txt", archives[i], longest), "long name\n");
        assert_null(image_source_news(s));
        image_source_free(s);
    }
}

static void a_zip64_archive_is_understood(void **state)
{
    (void)state;
    copy_fixture("streamed.zip");
    struct archive_index *x = NULL;
    struct error e;
    assert_int_equal(archive_index_open(scratch_path(&scratch, "streamed.zip"), "streamed.zip", &x, &e), OK);
    const struct archive_place *place = archive_index_find(x, "-");
    assert_non_null(place);
    assert_int_equal(place->size, 13);
    assert_string_equal(place->problem, "is a device or another special file"); /* it came through a pipe, and says so */
    archive_index_close(x);
}

/* ---- Zip ---- */

static void zip_members_are_found_by_the_directory(void **state)
{
    struct zip_builder z = ZIP_BUILDER_INIT;
    (void)state;
    zip_add(&z, "a/", "", false);
    zip_add(&z, "./a/1.png", "first bytes", false);
    zip_add(&z, "a/2.png", "second bytes second bytes second bytes", true);
    zip_end(&z);
    save("good.zip", &z.out);
    struct image_source *s = image_source_new(root);
    assert_reads(s, "good.zip!a/2.png", "second bytes second bytes second bytes");
    assert_reads(s, "good.zip!a/1.png", "first bytes");
    assert_null(image_source_news(s));
    image_source_free(s);

    CLEANUP(strbuf_release) struct strbuf prefixed = STRBUF_INIT;
    (void)strbuf_addstr(&prefixed, "#!/bin/sh\nexit\n");
    (void)strbuf_add(&prefixed, z.out.buf, z.out.len);
    save("selfextracting.zip", &prefixed);
    s = image_source_new(root);
    assert_reads(s, "selfextracting.zip!a/1.png", "first bytes");
    image_source_free(s);
    zip_release(&z);
}

static void a_missing_member_names_the_one_that_was_meant(void **state)
{
    struct zip_builder z = ZIP_BUILDER_INIT;
    (void)state;
    zip_add(&z, "a/Photo.JPG", "bytes", false);
    zip_end(&z);
    save("named.zip", &z.out);
    assert_refused("named.zip!a/photo.png", ERR_NOT_FOUND,
                   "image 'named.zip!a/photo.png' is not in the archive; did the data set mean 'a/Photo.JPG'?");
    assert_refused("named.zip!b/photo.png", ERR_NOT_FOUND, "image 'named.zip!b/photo.png' is not in the archive");
    assert_refused("none.zip!a", ERR_NOT_FOUND,
                   arena_printf(&scratch.arena, "archive 'none.zip': %s/none.zip: No such file or directory", root));
    zip_release(&z);
}

static void hostile_zip_members_are_not_read(void **state)
{
    static const struct {
        const char *name;
        struct zip_lies lies;
        enum err code;
        const char *says;
    } table[] = {
        { "link", { .mode = 0120777 }, ERR_INVALID, "image 'hostile.zip!link' is a symbolic link; it is not read" },
        { "device", { .mode = 020666 }, ERR_INVALID, "image 'hostile.zip!device' is a device or another special file; it is not read" },
        { "locked", { .flags = 1 }, ERR_UNSUPPORTED, "image 'hostile.zip!locked' is encrypted; it is not read" },
        { "lzma", { .method = 14 }, ERR_UNSUPPORTED, "image 'hostile.zip!lzma' is compressed in another way than deflate; it is not read" },
        { "large", { .size = 65u << 20 }, ERR_LIMIT, "image 'hostile.zip!large' is larger than 64 MiB; it is not read" },
        { "ratio", { .size = 60u << 20 }, ERR_LIMIT, "image 'hostile.zip!ratio' claims a size that its bytes cannot give; it is not read" },
        { "crc", { .crc = 1 }, ERR_SYNTAX, "'crc' in archive 'hostile.zip' is damaged: its check sum is another" },
        { "short",
          { .size = 9 },
          ERR_SYNTAX,
          "'short' in archive 'hostile.zip' is damaged: it does not inflate to the size that it claims" },
        { "long",
          { .size = 600 },
          ERR_SYNTAX,
          "'long' in archive 'hostile.zip' is damaged: it does not inflate to the size that it claims" },
    };
    struct zip_builder z = ZIP_BUILDER_INIT;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        zip_add_lying(&z, table[i].name, "some bytes", 10, true, &table[i].lies);
    zip_add(&z, "../../slip.png", "outside", false);
    zip_add(&z, "/abs.png", "outside", false);
    zip_add(&z, "twice", "one", false);
    zip_add(&z, "./twice", "two", false);
    zip_add(&z, "good", "good bytes", true);
    zip_end(&z);
    save("hostile.zip", &z.out);
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        assert_refused(arena_printf(&scratch.arena, "hostile.zip!%s", table[i].name), table[i].code, table[i].says);
    assert_refused("hostile.zip!twice", ERR_INVALID, "image 'hostile.zip!twice' is there more than once; it is not read");
    assert_refused("hostile.zip!../../slip.png", ERR_NOT_FOUND, "image 'hostile.zip!../../slip.png' is not in the archive");

    struct image_source *s = image_source_new(root);
    assert_reads(s, "hostile.zip!good", "good bytes");
    assert_string_equal(image_source_news(s), "archive 'hostile.zip': 9 members are not read: 'link' is a symbolic link, …");
    assert_null(image_source_news(s));
    image_source_free(s);
    zip_release(&z);
}

/* Builds a zip of one good member, spoils it, and asks for that member. */
static void assert_spoiled(void spoil(struct strbuf *zip), enum err code, const char *says)
{
    struct zip_builder z = ZIP_BUILDER_INIT;
    zip_add(&z, "a", "some bytes", true);
    zip_end(&z);
    spoil(&z.out);
    save("spoiled.zip", &z.out);
    assert_refused("spoiled.zip!a", code, says);
    zip_release(&z);
}

static size_t end_of(const struct strbuf *zip)
{
    return zip->len - 22;
}

static void cut_off(struct strbuf *zip)
{
    strbuf_truncate(zip, zip->len - 30);
}

static void move_directory(struct strbuf *zip)
{
    zip->buf[end_of(zip) + 18] = 1; /* 16 MiB and more */
    zip->buf[end_of(zip) + 19] = 1;
}

static void count_more(struct strbuf *zip)
{
    zip->buf[end_of(zip) + 10] = 2;
}

static void count_less(struct strbuf *zip)
{
    zip->buf[end_of(zip) + 10] = 0;
}

static void second_disk(struct strbuf *zip)
{
    zip->buf[end_of(zip) + 4] = 1;
}

static void mask_names(struct strbuf *zip)
{
    zip->buf[zip->len - 22 - 47 + 9] = 0x20; /* flags of the only entry, whose name has one byte */
}

static void break_local_header(struct strbuf *zip)
{
    zip->buf[0] = 'X';
}

static void contradict(struct strbuf *zip)
{
    zip->buf[8] = 0; /* the member's own header says stored */
}

static void replace_by_page(struct strbuf *zip)
{
    strbuf_clear(zip);
    (void)strbuf_addstr(zip, "<html>not found</html>");
}

static void empty(struct strbuf *zip)
{
    strbuf_clear(zip);
}

static void damaged_zips_are_not_used_at_all(void **state)
{
#define DAMAGED "archive 'spoiled.zip' is damaged or no zip: "
    (void)state;
    assert_spoiled(cut_off, ERR_SYNTAX, DAMAGED "the directory at its end is missing (was it cut off?)");
    assert_spoiled(replace_by_page, ERR_SYNTAX, DAMAGED "the directory at its end is missing (was it cut off?)");
    assert_spoiled(empty, ERR_SYNTAX, DAMAGED "the directory at its end is missing (was it cut off?)");
    assert_spoiled(move_directory, ERR_SYNTAX, DAMAGED "its directory does not fit into it");
    assert_spoiled(count_more, ERR_SYNTAX, DAMAGED "its directory breaks off");
    assert_spoiled(count_less, ERR_SYNTAX, DAMAGED "its directory holds more than it says");
    assert_spoiled(break_local_header, ERR_SYNTAX, DAMAGED "a member is not where its directory says");
    assert_spoiled(contradict, ERR_SYNTAX, DAMAGED "a member's own header contradicts the directory");
    assert_spoiled(second_disk, ERR_UNSUPPORTED, "archive 'spoiled.zip' is one part of several; put them together first");
    assert_spoiled(mask_names, ERR_UNSUPPORTED, "archive 'spoiled.zip' is encrypted; encrypted archives are not read");
}

static void zip_bombs_are_refused(void **state)
{
    static char zeros[200000];
    struct zip_builder overlap = ZIP_BUILDER_INIT, deep = ZIP_BUILDER_INIT;
    struct zip_lies first = { .header = 0xFFFFFFFF, .extra = "\1\0\x08\0\0\0\0\0\0\0\0\0", .extra_len = 12 };
    char name[16];
    (void)state;
    zip_add_lying(&overlap, "a", zeros, sizeof(zeros), false, NULL);
    for (int i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof(name), "%d", i);
        struct zip_lies lies = first;
        zip_add_lying(&overlap, name, zeros, 10, false, &lies);
    }
    /* Three more entries that all point at the first member's bytes. */
    struct zip_lies kernel = { .size = 200000, .packed = 200000 };
    zip_add_lying(&overlap, "b", "", 0, false, &kernel);
    zip_end(&overlap);
    save("overlap.zip", &overlap.out);
    assert_refused("overlap.zip!a", ERR_LIMIT,
                   "archive 'overlap.zip': its members claim more bytes than it has; it is refused as a zip bomb");

    /* 40 members of 50 MiB, each deflated about a thousand times smaller. */
    struct zip_lies huge = { .size = 50u << 20, .packed = 55000 };
    for (int i = 0; i < 40; i++) {
        (void)snprintf(name, sizeof(name), "%d", i);
        zip_add_lying(&deep, name, zeros, 55000, false, &(struct zip_lies){ .size = huge.size, .packed = huge.packed, .method = 8 });
    }
    zip_end(&deep);
    save("deep.zip", &deep.out);
    assert_refused("deep.zip!1", ERR_LIMIT, "archive 'deep.zip' unpacks to more than 200 times its size; it is refused as a zip bomb");
    zip_release(&overlap);
    zip_release(&deep);
}

/* ---- Tar ---- */

static void tar_members_are_read_where_they_lie(void **state)
{
    struct strbuf t = STRBUF_INIT;
    (void)state;
    tar_add_header(&t, "./", TAR_FOLDER, 0, "");
    tar_add(&t, "./a/1.png", "first bytes");
    tar_add(&t, "a/2.png", "second bytes");
    tar_add(&t, "a/empty.png", "");
    tar_end(&t);
    save("good.tar", &t);
    struct image_source *s = image_source_new(root);
    assert_reads(s, "good.tar!a/2.png", "second bytes");
    assert_reads(s, "good.tar!a/1.png", "first bytes");
    assert_reads(s, "good.tar!a/empty.png", "");
    assert_null(image_source_news(s));
    image_source_free(s);
    strbuf_release(&t);
}

static void a_packed_tar_is_read_in_any_order(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf gz = STRBUF_INIT;
    static char large[10 << 20];
    (void)state;
    for (size_t i = 0; i < sizeof(large); i++)
        large[i] = (char)('a' + i * i % 23);
    large[sizeof(large) - 1] = '\0';
    tar_add(&t, "1.png", "one");
    tar_add(&t, "large.png", large);
    tar_add(&t, "2.png", "two");
    tar_end(&t);
    gzip_all(&t, &gz);
    save("all.tar.gz", &gz);
    struct image_source *s = image_source_new(root);
    for (int round = 0; round < 2; round++) {
        assert_reads(s, "all.tar.gz!2.png", "two");
        assert_reads(s, "all.tar.gz!large.png", large); /* too large to be kept: the stream starts over */
        assert_reads(s, "all.tar.gz!1.png", "one");
    }
    image_source_free(s);
}

static void hostile_tar_members_are_not_read(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    (void)state;
    tar_add_header(&t, "soft", TAR_SYMBOLIC_LINK, 0, "/etc/passwd");
    tar_add_header(&t, "hard", TAR_HARD_LINK, 0, "/etc/passwd");
    tar_add_header(&t, "device", TAR_DEVICE, 0, "");
    tar_add_header(&t, "pipe", TAR_PIPE, 0, "");
    tar_add(&t, "../../slip.png", "outside");
    tar_add(&t, "/abs.png", "outside");
    tar_add(&t, "twice", "one");
    tar_add(&t, "twice", "two");
    tar_add(&t, "good", "good bytes");
    tar_end(&t);
    save("hostile.tar", &t);
    assert_refused("hostile.tar!soft", ERR_INVALID, "image 'hostile.tar!soft' is a symbolic link; it is not read");
    assert_refused("hostile.tar!hard", ERR_INVALID, "image 'hostile.tar!hard' is a hard link; it is not read");
    assert_refused("hostile.tar!device", ERR_INVALID, "image 'hostile.tar!device' is a device or another special file; it is not read");
    assert_refused("hostile.tar!pipe", ERR_INVALID, "image 'hostile.tar!pipe' is a device or another special file; it is not read");
    assert_refused("hostile.tar!twice", ERR_INVALID, "image 'hostile.tar!twice' is there more than once; it is not read");
    assert_refused("hostile.tar!abs.png", ERR_NOT_FOUND, "image 'hostile.tar!abs.png' is not in the archive");
    struct image_source *s = image_source_new(root);
    assert_reads(s, "hostile.tar!good", "good bytes");
    assert_string_equal(image_source_news(s), "archive 'hostile.tar': 7 members are not read: 'soft' is a symbolic link, …");
    image_source_free(s);
}

/* Saves the archive plain and packed; both are refused with a sentence that begins so. */
static void assert_damaged(const struct strbuf *t, const char *begins)
{
    CLEANUP(strbuf_release) struct strbuf gz = STRBUF_INIT;
    gzip_all(t, &gz);
    save("damaged.tar", t);
    save("damaged.tar.gz", &gz);
    for (int packed = 0; packed < 2; packed++) {
        struct image_source *s = image_source_new(root);
        struct image_bytes read;
        struct error e = { 0 };
        enum err err = image_source_read(s, packed ? "damaged.tar.gz!a" : "damaged.tar!a", &read, &e);
        const char *at = strstr(e.msg, begins);
        if (err != ERR_SYNTAX || !at)
            fail_msg("%d '%s' does not say '%s'", (int)err, e.msg, begins);
        image_source_free(s);
    }
}

static void damaged_tars_are_not_used_at_all(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    (void)state;
    tar_add(&t, "a", "good bytes");
    tar_add_header(&t, "b", TAR_FILE, (uint64_t)1 << 32, ""); /* 4 GiB that are not there */
    tar_end(&t);
    assert_damaged(&t, "is damaged or no tar: ");

    strbuf_clear(&t);
    tar_add(&t, "a", "good bytes");
    tar_add(&t, "b", "a text that is cut off");
    strbuf_truncate(&t, t.len - 505);
    assert_damaged(&t, "is damaged or no tar: ");

    strbuf_clear(&t);
    tar_add(&t, "a", "good bytes");
    tar_add(&t, "b", "good bytes");
    t.buf[1024 + 150] ^= 1; /* of the second header's check sum */
    assert_damaged(&t, "is damaged or no tar: ");

    strbuf_clear(&t);
    (void)strbuf_addstr(&t, "<html>not found</html>");
    assert_damaged(&t, "is damaged or no tar: ");
}

static void a_member_that_is_too_large_is_not_read(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    (void)state;
    char *large = xcalloc(1, MAX_IMAGE_BYTES + 1);
    tar_add_bytes(&t, "large", large, MAX_IMAGE_BYTES + 1);
    tar_add(&t, "a", "good bytes");
    tar_end(&t);
    free(large);
    save("large.tar", &t);
    assert_refused("large.tar!large", ERR_LIMIT, "image 'large.tar!large' is larger than 64 MiB; it is not read");
    struct image_source *s = image_source_new(root);
    assert_reads(s, "large.tar!a", "good bytes");
    image_source_free(s);
}

static void a_tar_without_its_end_is_reported(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    char block[513];
    (void)state;
    memset(block, 'x', 512);
    block[512] = '\0';
    tar_add(&t, "a", block);
    save("endless.tar", &t);
    struct image_source *s = image_source_new(root);
    assert_reads(s, "endless.tar!a", block);
    assert_string_equal(image_source_news(s), "archive 'endless.tar': the mark that ends a tar is missing: it may have been broken off");
    image_source_free(s);
}

static void bad_gzip_and_zstd_are_refused(void **state)
{
    CLEANUP(strbuf_release) struct strbuf t = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf gz = STRBUF_INIT;
    (void)state;
    tar_add(&t, "a", "good bytes");
    tar_end(&t);
    gzip_all(&t, &gz);
    gz.buf[gz.len - 6] ^= 1; /* of its check sum */
    save("sum.tar.gz", &gz);
    assert_refused("sum.tar.gz!a", ERR_SYNTAX, "archive 'sum.tar.gz' is damaged or no tar: gzip: incorrect data check");
    gz.buf[gz.len - 6] ^= 1;
    strbuf_truncate(&gz, gz.len - 10);
    save("cut.tar.gz", &gz);
    assert_refused("cut.tar.gz!a", ERR_SYNTAX, "archive 'cut.tar.gz' is damaged or no tar: gzip: unexpected end of file");
    save("plain.tar.gz", &t);
    assert_refused("plain.tar.gz!a", ERR_SYNTAX, "archive 'plain.tar.gz' is damaged or not compressed by gzip");

    copy_fixture("gnu.tar.zst");
    CLEANUP(strbuf_release) struct strbuf zst = STRBUF_INIT;
    assert_int_equal(fs_read_file(scratch_path(&scratch, "gnu.tar.zst"), MIB, &zst, NULL), OK);
    strbuf_truncate(&zst, zst.len - 20);
    save("cut.tar.zst", &zst);
    assert_refused("cut.tar.zst!d/a.txt", ERR_SYNTAX, "archive 'cut.tar.zst' is damaged or no tar: Truncated zstd input");
}

static void archives_outside_the_root_are_not_opened(void **state)
{
    (void)state;
    assert_refused("../x.tar!a", ERR_INVALID, "archive '../x.tar': '../x.tar': '..' is not allowed here");
    (void)scratch_text(&scratch, "folder.tar/inside", "x");
    struct image_source *s = image_source_new(root);
    struct image_bytes read;
    assert_int_equal(image_source_read(s, "folder.tar!inside", &read, NULL), ERR_INVALID);
    image_source_free(s);
}

/* ---- What is remembered ---- */

static void remembered_members_stay_within_their_bounds(void **state)
{
    static struct recent_members r;
    int archive = 0, other = 0;
    const void *bytes;
    size_t len;
    (void)state;
    for (uint64_t i = 0; i < 100; i++)
        recent_members_add(&r, &archive, i, xcalloc(1, MIB), MIB);
    assert_true(r.bytes <= RECENT_BYTES);
    assert_false(recent_members_find(&r, &archive, 0, &bytes, &len));
    assert_true(recent_members_find(&r, &archive, 99, &bytes, &len));
    assert_int_equal(len, MIB);
    recent_members_add(&r, &other, 99, xcalloc(1, 1), 1);
    recent_members_add(&r, &other, 100, xcalloc(1, RECENT_BYTES), RECENT_BYTES); /* would push out all others */
    assert_false(recent_members_find(&r, &other, 100, &bytes, &len));
    recent_members_drop(&r, &archive);
    assert_int_equal(r.bytes, 1);
    for (uint64_t i = 0; i < 2 * RECENT_COUNT; i++)
        recent_members_add(&r, &archive, i, xcalloc(1, 1), 1);
    assert_int_equal(r.bytes, RECENT_COUNT);
    recent_members_drop(&r, NULL);
    assert_int_equal(r.bytes, 0);
}

#define IN_SCRATCH(f) cmocka_unit_test_setup_teardown(f, open_scratch, close_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_archives_and_members_are_told_apart),
        cmocka_unit_test(a_member_has_one_name_and_hostile_ones_none),
        IN_SCRATCH(archives_of_other_programs_are_read),
        IN_SCRATCH(a_zip64_archive_is_understood),
        IN_SCRATCH(zip_members_are_found_by_the_directory),
        IN_SCRATCH(a_missing_member_names_the_one_that_was_meant),
        IN_SCRATCH(hostile_zip_members_are_not_read),
        IN_SCRATCH(damaged_zips_are_not_used_at_all),
        IN_SCRATCH(zip_bombs_are_refused),
        IN_SCRATCH(tar_members_are_read_where_they_lie),
        IN_SCRATCH(a_packed_tar_is_read_in_any_order),
        IN_SCRATCH(hostile_tar_members_are_not_read),
        IN_SCRATCH(damaged_tars_are_not_used_at_all),
        IN_SCRATCH(a_member_that_is_too_large_is_not_read),
        IN_SCRATCH(a_tar_without_its_end_is_reported),
        IN_SCRATCH(bad_gzip_and_zstd_are_refused),
        IN_SCRATCH(archives_outside_the_root_are_not_opened),
        cmocka_unit_test(remembered_members_stay_within_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
