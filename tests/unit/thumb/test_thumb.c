#include "thumb/thumb.h"

#include "base/sha256.h"
#include "dataset/image.h"
#include "scratch_group.h"
#include "thumb/thumb_store.h"

#include <gd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void read_corpus(const char *name, struct strbuf *out)
{
    assert_int_equal(fs_read_file(arena_printf(&scratch.arena, "tests/fuzz/corpus/image/%s", name), 1 << 20, out, NULL), OK);
}

static enum err make(const struct strbuf *file, struct strbuf *out)
{
    struct error e = { 0 };
    return thumb_make((const unsigned char *)file->buf, file->len, out, &e);
}

/* The same picture in four formats. */
static void every_format_becomes_a_jpeg_of_the_same_size(void **state)
{
    (void)state;
    gdImagePtr image = gdImageCreateTrueColor(33, 21);
    gdImageFilledRectangle(image, 0, 0, 40, 40, gdTrueColor(200, 0, 0));
    for (int format = 0; format < 4; format++) {
        CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
        int len = 0;
        void *bytes = format == 0   ? gdImagePngPtr(image, &len)
                      : format == 1 ? gdImageJpegPtr(image, &len, 90)
                      : format == 2 ? gdImageWebpPtr(image, &len)
                                    : gdImageGifPtr(image, &len);
        assert_non_null(bytes);
        (void)strbuf_add(&file, bytes, (size_t)len);
        gdFree(bytes);
        assert_int_equal(make(&file, &jpeg), OK);
        struct image_info info = image_probe((const unsigned char *)jpeg.buf, jpeg.len);
        assert_null(info.problem);
        assert_string_equal(info.mime, "image/jpeg");
        assert_int_equal(info.width, 33);
        assert_int_equal(info.height, 21);
    }
    gdImageDestroy(image);
}

/* A picture, left half red and right half clear, as a PNG. */
static void draw(int width, int height, struct strbuf *out)
{
    gdImagePtr image = gdImageCreateTrueColor(width, height);
    int len = 0;
    gdImageAlphaBlending(image, 0);
    gdImageSaveAlpha(image, 1);
    gdImageFilledRectangle(image, 0, 0, width / 2 - 1, height, gdTrueColor(200, 0, 0));
    gdImageFilledRectangle(image, width / 2, 0, width, height, gdTrueColorAlpha(0, 0, 0, 127));
    void *png = gdImagePngPtr(image, &len);
    (void)strbuf_add(out, png, (size_t)len);
    gdFree(png);
    gdImageDestroy(image);
}

static void a_large_image_is_shrunk_to_160_pixels_on_white(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
    draw(1024, 512, &file);
    assert_int_equal(make(&file, &jpeg), OK);
    assert_true(jpeg.len < 4000);

    gdImagePtr image = gdImageCreateFromJpegPtr((int)jpeg.len, jpeg.buf);
    assert_int_equal(gdImageSX(image), 160);
    assert_int_equal(gdImageSY(image), 80);
    int left = gdImageGetTrueColorPixel(image, 40, 40), right = gdImageGetTrueColorPixel(image, 120, 40);
    assert_true(gdTrueColorGetRed(left) > 180 && gdTrueColorGetGreen(left) < 20);
    assert_true(gdTrueColorGetRed(right) > 250 && gdTrueColorGetGreen(right) > 250 && gdTrueColorGetBlue(right) > 250);
    gdImageDestroy(image);
}

static void a_line_of_pixels_has_a_thumbnail_too(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
    draw(4000, 1, &file);
    assert_int_equal(make(&file, &jpeg), OK);
    assert_int_equal(image_probe((const unsigned char *)jpeg.buf, jpeg.len).width, 160);
}

static void what_is_no_whole_image_is_given_to_no_decoder(void **state)
{
    static const char *const file_name[] = { "png_cut",  "png_bad_crc", "png_zero", "jpeg_cut", "jpeg_no_scan", "gif_cut", "gif_empty",
                                             "webp_cut", "lfs",         "html",     "json",     "empty",        "bmp" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(file_name); i++) {
        CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
        read_corpus(file_name[i], &file);
        if (make(&file, &jpeg) != ERR_INVALID || jpeg.len > 0)
            fail_msg("%s has a thumbnail", file_name[i]);
    }
}

static void too_many_pixels_are_refused_before_they_are_decoded(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf png = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf gif = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
    draw(8000, 5001, &png); /* 40,008,000 pixels in a few kilobytes */
    assert_int_equal(make(&png, &jpeg), ERR_LIMIT);

    read_corpus("gif", &gif); /* the screen stays 5 x 6; its picture says 65535 x 65535 */
    char *picture = memchr(gif.buf + 13, 0x2c, gif.len - 13);
    assert_non_null(picture);
    memset(picture + 5, 0xff, 4);
    assert_int_not_equal(make(&gif, &jpeg), OK);
    assert_int_equal(jpeg.len, 0);
}

static void nothing_of_the_file_but_its_look_is_in_the_thumbnail(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
    read_corpus("png", &file);
    (void)strbuf_addstr(&file, "<script>MARKER</script>"); /* a polyglot: bytes behind the end are no part of a PNG */
    assert_int_equal(make(&file, &jpeg), OK);
    assert_null(memmem(jpeg.buf, jpeg.len, "MARKER", 6));
}

static void the_bytes_must_be_those_that_were_sent_and_lie_in_the_data_set(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf jpeg = STRBUF_INIT;
    read_corpus("png", &file);
    (void)scratch_file(&scratch, "set/images/a.png", file.buf, file.len);
    (void)scratch_file(&scratch, "outside.png", file.buf, file.len);
    (void)scratch_text(&scratch, "set/page.png", "<html>");
    assert_int_equal(symlink("../outside.png", scratch_path(&scratch, "set/link.png")), 0);
    struct sha256_hex hash = sha256_of(file.buf, file.len), html = sha256_of("<html>", 6);

    struct thumb_store *t = thumb_store_new(scratch_path(&scratch, "set"));
    assert_int_equal(thumb_store_make(t, "images/a.png", hash.text, &jpeg), THUMB_MADE);
    assert_true(jpeg.len > 0);
    strbuf_clear(&jpeg);
    assert_int_equal(thumb_store_make(t, "images/a.png", html.text, &jpeg), THUMB_OTHER_BYTES);
    assert_int_equal(thumb_store_make(t, "images/gone.png", hash.text, &jpeg), THUMB_NO_FILE);
    assert_int_equal(thumb_store_make(t, "../outside.png", hash.text, &jpeg), THUMB_NO_FILE);
    assert_int_equal(thumb_store_make(t, "link.png", hash.text, &jpeg), THUMB_NO_FILE);
    assert_int_equal(thumb_store_make(t, scratch_path(&scratch, "outside.png"), hash.text, &jpeg), THUMB_NO_FILE);
    assert_int_equal(thumb_store_make(t, "page.png", html.text, &jpeg), THUMB_NO_IMAGE);
    assert_int_equal(jpeg.len, 0);
    thumb_store_free(t);

    t = thumb_store_new(scratch_path(&scratch, "no/such/folder"));
    assert_int_equal(thumb_store_make(t, "images/a.png", hash.text, &jpeg), THUMB_NO_FILE);
    thumb_store_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_becomes_a_jpeg_of_the_same_size),
        cmocka_unit_test(a_large_image_is_shrunk_to_160_pixels_on_white),
        cmocka_unit_test(a_line_of_pixels_has_a_thumbnail_too),
        cmocka_unit_test(what_is_no_whole_image_is_given_to_no_decoder),
        cmocka_unit_test(too_many_pixels_are_refused_before_they_are_decoded),
        cmocka_unit_test(nothing_of_the_file_but_its_look_is_in_the_thumbnail),
        cmocka_unit_test(the_bytes_must_be_those_that_were_sent_and_lie_in_the_data_set),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
