#include "dataset/image.h"

#include "base/cleanup.h"
#include "base/fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Each file of the fuzz corpus, which the unit test and the fuzzer share, and what the sniffer must say of it. */
static const struct {
    const char *file, *mime;
    uint32_t width, height;
    const char *code, *warning;
    size_t trailing;
} cases[] = {
    { "png", "image/png", 16, 16, NULL, NULL, 0 },
    { "png_trailing", "image/png", 16, 16, NULL, NULL, 3 },
    { "png_cut", "image/png", 16, 16, "S6", NULL, 0 },
    { "png_head", "image/png", 0, 0, "S6", NULL, 0 },
    { "png_bad_crc", "image/png", 0, 0, "S6", NULL, 0 },
    { "png_depth", "image/png", 0, 0, "S6", NULL, 0 },
    { "png_chunk_len", "image/png", 4, 4, "S6", NULL, 0 },
    { "png_zero", "image/png", 0, 4, "S7", NULL, 0 },
    { "png_huge", "image/png", 60000, 60000, "S7", NULL, 0 },
    { "apng", "image/png", 4, 4, NULL, "animated", 0 },
    { "jpeg", "image/jpeg", 30, 20, NULL, NULL, 0 },
    { "jpeg_fill", "image/jpeg", 30, 20, NULL, NULL, 0 },
    { "jpeg_cut", "image/jpeg", 30, 20, "S6", NULL, 0 },
    { "jpeg_no_scan", "image/jpeg", 0, 0, "S6", NULL, 0 },
    { "jpeg_exif", "image/jpeg", 30, 20, NULL, "EXIF orientation other than 1", 0 },
    { "jpeg_exif_short", "image/jpeg", 30, 20, NULL, NULL, 0 },
    { "jpeg_exif_entries", "image/jpeg", 30, 20, NULL, NULL, 0 },
    { "jpeg_cmyk", "image/jpeg", 30, 20, NULL, "CMYK colours", 0 },
    { "gif", "image/gif", 5, 6, NULL, NULL, 0 },
    { "gif_animated", "image/gif", 5, 6, NULL, "animated", 0 },
    { "gif_cut", "image/gif", 5, 6, "S6", NULL, 0 },
    { "gif_empty", "image/gif", 5, 6, "S6", NULL, 0 },
    { "gif_head", "image/gif", 0, 0, "S6", NULL, 0 },
    { "webp", "image/webp", 17, 19, NULL, NULL, 0 },
    { "webp_lossless", "image/webp", 9, 7, NULL, NULL, 0 },
    { "webp_extended", "image/webp", 16, 32, NULL, "animated", 0 },
    { "webp_cut", "image/webp", 0, 0, "S6", NULL, 0 },
    { "webp_short", "image/webp", 0, 0, "S6", NULL, 0 },
    { "bmp", "image/bmp", 8, 9, NULL, NULL, 0 },
    { "bmp_old", "image/bmp", 3, 4, NULL, NULL, 0 },
    { "bmp_cut", "image/bmp", 0, 0, "S6", NULL, 0 },
    { "lfs", NULL, 0, 0, "S4", NULL, 0 },
    { "html", NULL, 0, 0, "S4", NULL, 0 },
    { "json", NULL, 0, 0, "S4", NULL, 0 },
    { "empty", NULL, 0, 0, "S4", NULL, 0 },
};

static void assert_same_text(const char *file, const char *found, const char *expected)
{
    if ((found == NULL) != (expected == NULL) || (found && strcmp(found, expected) != 0))
        fail_msg("%s: found %s, expected %s", file, found ? found : "nothing", expected ? expected : "nothing");
}

static void every_format_is_known_by_its_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char path[128];
        CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
        (void)snprintf(path, sizeof(path), "tests/fuzz/corpus/image/%s", cases[i].file);
        assert_int_equal(fs_read_file(path, 1 << 20, &bytes, NULL), OK);

        struct image_info info = image_probe((const unsigned char *)bytes.buf, bytes.len);

        assert_same_text(cases[i].file, info.mime, cases[i].mime);
        assert_same_text(cases[i].file, info.code, cases[i].code);
        assert_same_text(cases[i].file, info.warning, cases[i].warning);
        if (info.width != cases[i].width || info.height != cases[i].height || info.trailing_bytes != cases[i].trailing)
            fail_msg("%s: %ux%u, %zu bytes trailing", path, info.width, info.height, info.trailing_bytes);
        assert_int_equal(info.problem != NULL, info.code != NULL);
    }
}

static void impostors_are_called_by_their_name(void **state)
{
    (void)state;
    static const char lfs[] = "version https://git-lfs.github.com/spec/v1\n";
    assert_non_null(strstr(image_probe((const unsigned char *)lfs, strlen(lfs)).problem, "Git LFS pointer"));
    assert_non_null(strstr(image_probe((const unsigned char *)"\n<HTML>", 7).problem, "HTML page"));
    assert_string_equal(image_probe((const unsigned char *)"", 0).problem, "an empty file");
}

/* Cut at every length, no image is taken for whole. */
static void no_cut_file_passes(void **state)
{
    static const char *const whole[] = { "png", "jpeg", "gif", "webp" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        char path[128];
        CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
        (void)snprintf(path, sizeof(path), "tests/fuzz/corpus/image/%s", whole[i]);
        assert_int_equal(fs_read_file(path, 1 << 20, &bytes, NULL), OK);
        for (size_t len = 0; len < bytes.len; len++)
            assert_non_null(image_probe((const unsigned char *)bytes.buf, len).problem);
        assert_null(image_probe((const unsigned char *)bytes.buf, bytes.len).problem);
    }
}

static void names_claim_a_format_by_their_extension(void **state)
{
    (void)state;
    assert_string_equal(image_mime_of_name("a/b.c/x.PNG"), "image/png");
    assert_string_equal(image_mime_of_name("x.jpeg"), "image/jpeg");
    assert_string_equal(image_mime_of_name("x.png.webp"), "image/webp");
    assert_null(image_mime_of_name("a.png/x"));
    assert_null(image_mime_of_name("x.txt"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_is_known_by_its_bytes),
        cmocka_unit_test(impostors_are_called_by_their_name),
        cmocka_unit_test(no_cut_file_passes),
        cmocka_unit_test(names_claim_a_format_by_their_extension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
