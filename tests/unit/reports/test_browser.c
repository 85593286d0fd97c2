/* The blocks of the sample browser: written, found in the page, inflated, and compared with the store. */
#include "base/base64.h"
#include "base/json.h"
#include "mixed_run.h"
#include "reports/browser.h"

#include <math.h>
#include <zlib.h>

static const struct browser_options everything = { .embed = BROWSER_EMBED_ALL };

/* The blocks of the run, one after another, and how much there is. */
static const char *written(struct fixture *f, const struct browser_options *options, struct browser_size *size)
{
    struct strbuf page = STRBUF_INIT;
    struct page_out out = { .write = page_write_strbuf, .context = &page };
    ok(f, browser_write(f->store, RUN, options, &out, size, &f->e));
    assert_int_equal(out.bytes, page.len);
    const char *kept = arena_strndup(f->arena, page.buf, page.len);
    strbuf_release(&page);
    return kept;
}

/* The text of an element; NULL when there is none. */
static const char *element(struct fixture *f, const char *page, const char *id)
{
    const char *at = strstr(page, arena_printf(f->arena, " id=\"%s\">", id));
    if (!at)
        return NULL;
    at = strchr(at, '>') + 1;
    return arena_strndup(f->arena, at, (size_t)(strstr(at, "</script>") - at));
}

/* A block, inflated. */
static unsigned char *block(struct fixture *f, const char *page, const char *id, size_t *ret_len)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    const char *text = element(f, page, id);
    if (!text)
        fail_msg("there is no block %s", id);
    ok(f, base64_decode(text, strlen(text), &bytes, &f->e));
    enum { ROOM = 1 << 22 };
    unsigned char *out = arena_alloc(f->arena, ROOM);
    z_stream z = { .next_in = (unsigned char *)bytes.buf, .avail_in = (uInt)bytes.len, .next_out = out, .avail_out = ROOM - 1 };
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    *ret_len = z.total_out;
    assert_int_equal(inflateEnd(&z), Z_OK);
    return out;
}

static cJSON *json_block(struct fixture *f, const char *page, const char *id)
{
    size_t len;
    const char *text = (const char *)block(f, page, id, &len);
    cJSON *json = json_parse(text, len, &f->e);
    if (!json)
        fail_msg("%s: %s", id, f->e.msg);
    return json;
}

/* ---- columns ---- */

struct columns {
    cJSON *meta;
    const unsigned char *bytes;
    size_t len;
};

static struct columns read_columns(struct fixture *f, const char *page)
{
    struct columns c = { 0 };
    const char *meta = element(f, page, "browser-meta");
    c.meta = json_parse(meta, strlen(meta), &f->e);
    assert_non_null(c.meta);
    c.bytes = block(f, page, "browser-columns", &c.len);
    return c;
}

/* Value i of a column, as the page reads it. */
static uint32_t value_at(const struct columns *c, const char *name, size_t i)
{
    const cJSON *column;
    cJSON_ArrayForEach(column, json_array(c->meta, "columns"))
    {
        if (strcmp(json_string(column, "name"), name) != 0)
            continue;
        const char *type = json_string(column, "type");
        size_t width = strcmp(type, "u8") == 0 ? 1 : strcmp(type, "u16") == 0 ? 2 : 4;
        int64_t at = -1, count = -1;
        assert_true(json_int(column, "at", &at) && json_int(column, "count", &count));
        assert_true(at % 4 == 0 && (int64_t)i < count && (size_t)at + (size_t)count * width <= c->len);
        uint32_t sum = 0;
        for (size_t k = json_bool(column, "delta", false) ? 0 : i; k <= i; k++) {
            uint32_t value = 0;
            for (size_t b = 0; b < width; b++)
                value |= (uint32_t)c->bytes[(size_t)at + k * width + b] << (8 * b);
            sum += value;
        }
        return sum;
    }
    fail_msg("there is no column %s", name);
    return 0;
}

static const char *name_at(const struct columns *c, const char *list, uint32_t number)
{
    return cJSON_GetArrayItem(json_array(c->meta, list), (int)number)->valuestring;
}

static void every_trial_is_a_row_of_the_columns(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    const char *page = written(f, &everything, &size);
    struct columns c = read_columns(f, page);
    CLEANUP(json_freep) cJSON *names = json_block(f, page, "browser-names");
    int64_t first = 0;
    assert_int_equal(size.trials, 48);
    assert_int_equal(size.samples, 24);
    assert_true(json_int(c.meta, "first_id", &first));

    for (size_t i = 0; i < size.trials; i++) {
        long long id = (long long)first + value_at(&c, "id", i);
        uint32_t sample = value_at(&c, "sample", i);
#define CELL(column, table, key) sql_text(f, arena_printf(f->arena, "SELECT " column " FROM " table " WHERE " key " = %lld", id))
        assert_string_equal(name_at(&c, "verdict", value_at(&c, "verdict", i)), CELL("counted_as", "v_verdict", "is_primary AND trial_id"));
        assert_string_equal(name_at(&c, "endpoints", value_at(&c, "endpoint", i)), CELL("endpoint", "v_verdict", "trial_id"));
        assert_string_equal(name_at(&c, "category", value_at(&c, "sample_category", sample)), CELL("category", "v_verdict", "trial_id"));
        assert_string_equal(name_at(&c, "attack", value_at(&c, "sample_attack", sample)), CELL("attack", "v_verdict", "trial_id"));
        assert_string_equal(cJSON_GetArrayItem(json_array(names, "key"), (int)sample)->valuestring,
                            CELL("sample", "v_verdict", "trial_id"));
        assert_string_equal(cJSON_GetArrayItem(json_array(names, "intent"), (int)value_at(&c, "sample_intent", sample))->valuestring,
                            CELL("intent_id", "v_verdict", "trial_id"));
        assert_int_equal(value_at(&c, "sample_flags", sample) & 1,
                         sql_int(f, arena_printf(f->arena, "SELECT expected = 'benign' FROM v_verdict WHERE trial_id = %lld", id)));
        const char *tokens = CELL("completion_tokens", "response", "trial_id");
        if (value_at(&c, "completion_tokens", i) == UINT32_MAX)
            assert_true(strcmp(tokens, "(null)") == 0 || strcmp(tokens, "(none)") == 0);
        else
            assert_int_equal(value_at(&c, "completion_tokens", i), strtol(tokens, NULL, 10));
    }
    cJSON_Delete(c.meta);
}

static void ranks_are_the_order_of_the_keys(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    const char *page = written(f, &everything, &size);
    struct columns c = read_columns(f, page);
    CLEANUP(json_freep) cJSON *names = json_block(f, page, "browser-names");
    for (int a = 0; a < 24; a++) {
        for (int b = 0; b < a; b++) {
            const char *x = cJSON_GetArrayItem(json_array(names, "key"), a)->valuestring;
            const char *y = cJSON_GetArrayItem(json_array(names, "key"), b)->valuestring;
            assert_true((strcmp(x, y) < 0) == (value_at(&c, "sample_rank", (size_t)a) < value_at(&c, "sample_rank", (size_t)b)));
        }
    }
    cJSON_Delete(c.meta);
}

/* ---- bodies ---- */

static void bodies_are_the_texts_of_the_store(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    sql_text(f, "UPDATE response SET content = 'first answer', reasoning = 'because' WHERE trial_id = 1");
    sql_text(f, "UPDATE score SET explanation = 'as asked', judge_trial_json = "
                "'[{\"judge\":\"a\",\"verdict\":\"complied\"},{\"judge\":\"b\",\"verdict\":\"refused\"}]' WHERE trial_id = 1");
    const char *page = written(f, &everything, &size);
    CLEANUP(json_freep) cJSON *samples = json_block(f, page, "browser-sample-0");
    CLEANUP(json_freep) cJSON *trials = json_block(f, page, "browser-trial-0");
    struct columns c = read_columns(f, page);

    assert_int_equal(cJSON_GetArraySize(samples), 24); /* two endpoints, one body a sample */
    assert_int_equal(cJSON_GetArraySize(trials), 48);
    assert_string_equal(json_string(cJSON_GetArrayItem(samples, 0), "prompt"),
                        sql_text(f, "SELECT prompt FROM sample JOIN trial ON sample.id = sample_id WHERE trial.id = 1"));
    const cJSON *body = cJSON_GetArrayItem(trials, 0), *score = cJSON_GetArrayItem(json_array(body, "scores"), 0);
    assert_string_equal(json_string(body, "answer"), "first answer");
    assert_string_equal(json_string(body, "reasoning"), "because");
    assert_string_equal(json_string(score, "rationale"), "as asked");
    assert_int_equal(cJSON_GetArraySize(json_array(score, "votes")), 2);
    assert_int_equal(cJSON_GetArraySize(json_array(body, "attempts")), 1);
    assert_int_equal(value_at(&c, "flags", 0), 3); /* embedded; judges differ */
    assert_int_equal(value_at(&c, "flags", 1), 1);
    cJSON_Delete(c.meta);
}

static void chunks_hold_512_bodies(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    struct sample *sample = make_samples(f, 600);
    plan(f, "run000000002", sample, 600, 1, &fixture_options);
    struct strbuf page = STRBUF_INIT;
    struct page_out out = { .write = page_write_strbuf, .context = &page };
    ok(f, browser_write(f->store, "run000000002", &everything, &out, &size, &f->e));
    const char *kept = arena_strndup(f->arena, page.buf, page.len);
    strbuf_release(&page);

    static const char *const kind[] = { "sample", "trial" };
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        CLEANUP(json_freep) cJSON *first = json_block(f, kept, arena_printf(f->arena, "browser-%s-0", kind[i]));
        CLEANUP(json_freep) cJSON *second = json_block(f, kept, arena_printf(f->arena, "browser-%s-1", kind[i]));
        assert_int_equal(cJSON_GetArraySize(first), 512);
        assert_int_equal(cJSON_GetArraySize(second), 88);
    }
}

static void long_texts_are_cut_and_say_how_much_more_there_is(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    sql_text(f, "UPDATE response SET content = printf('%.*c', 1000000, 'x') || 'é' WHERE trial_id = 1"); /* H6 */
    CLEANUP(json_freep) cJSON *trials = json_block(f, written(f, &everything, &size), "browser-trial-0");
    const cJSON *body = cJSON_GetArrayItem(trials, 0);
    int64_t more = 0;
    assert_int_equal(strlen(json_string(body, "answer")), 4000);
    assert_true(json_int(body, "answer_more", &more));
    assert_int_equal(more, 1000000 + 1 - 4000);
}

static void what_the_texts_say_ends_no_block(void **state)
{
    static const char *const vector[] = { "</script>",
                                          "<!--<script>",
                                          "\"><img src=x onerror=alert(1)>",
                                          "javascript:alert(1)",
                                          "a\xe2\x80\xa8z",
                                          "a'b&c",
                                          "x\x1b[2Jy",
                                          "a\xe2\x80\xae"
                                          "b\xe2\x80\x8b\xf3\xa0\x81\x81" };
    struct fixture *f = *state;
    struct browser_size size;
    size_t elements = 0;
    const char *page = written(f, &everything, &size);
    for (const char *at = page; (at = strstr(at, "<script")); at++)
        elements++;

    for (size_t i = 0; i < ARRAY_LEN(vector); i++) {
        CLEANUP(strbuf_release) struct strbuf quoted = STRBUF_INIT;
        for (const char *at = vector[i]; *at; at++)
            (void)strbuf_addf(&quoted, *at == '\'' ? "''" : "%c", *at);
        sql_text(f, arena_printf(f->arena, "UPDATE response SET content = '%s'", quoted.buf));
        sql_text(f, arena_printf(f->arena, "UPDATE sample SET prompt = '%s', category = '%s', intent_id = '%s'", quoted.buf, quoted.buf,
                                 quoted.buf));
        sql_text(f, arena_printf(f->arena, "UPDATE endpoint SET name = '%s' || id", quoted.buf));
        page = written(f, &everything, &size);

        size_t now = 0, angles = 0;
        for (const char *at = page; (at = strchr(at, '<')); at++) {
            angles++;
            now += strncmp(at, "<script", 7) == 0;
        }
        assert_int_equal(now, elements);
        assert_int_equal(angles, 2 * elements); /* one begins and one ends each */
        CLEANUP(json_freep) cJSON *trials = json_block(f, page, "browser-trial-0");
        assert_string_equal(json_string(cJSON_GetArrayItem(trials, 0), "answer"), vector[i]);
        struct columns c = read_columns(f, page);
        assert_string_equal(name_at(&c, "category", 0), vector[i]);
        cJSON_Delete(c.meta);
    }
}

static void invalid_utf8_is_repaired(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    sql_text(f, "UPDATE response SET content = CAST(x'61eda08062' AS TEXT)");
    CLEANUP(json_freep) cJSON *trials = json_block(f, written(f, &everything, &size), "browser-trial-0");
    assert_string_equal(json_string(cJSON_GetArrayItem(trials, 0), "answer"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                                                              "b");
}

/* ---- what is chosen ---- */

static void focus_embeds_what_somebody_will_want_to_read(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    const char *page = written(f, &(struct browser_options){ .embed = BROWSER_EMBED_FOCUS }, &size);
    struct columns c = read_columns(f, page);
    size_t embedded = 0;
    for (size_t i = 0; i < 24; i++) { /* the first endpoint: attacks but the last three */
        const char *verdict = name_at(&c, "verdict", value_at(&c, "verdict", i));
        bool benign = value_at(&c, "sample_flags", value_at(&c, "sample", i)) & 1;
        bool wanted = benign ? strcmp(verdict, "refused") == 0 || strcmp(verdict, "blocked") == 0
                             : strcmp(verdict, "complied") == 0 || strcmp(verdict, "partial") == 0 || strcmp(verdict, "unscored") == 0 ||
                                   strcmp(verdict, "failed") == 0 || strcmp(verdict, "refused") == 0 /* fewer than 200 */;
        assert_int_equal(value_at(&c, "flags", i) & 1, wanted);
        embedded += wanted;
    }
    assert_int_equal(size.trial_bodies, embedded);
    cJSON_Delete(c.meta);
}

static void of_refused_trials_200_are_embedded_and_always_the_same(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    struct sample *sample = make_samples(f, 700);
    plan(f, "run000000003", sample, 700, 1, &fixture_options);
    int64_t scorer = scorer_at(f, "run000000003", 0), first = endpoint_at(f, "run000000003", 0).first_trial;
    for (int64_t id = first; id < first + 700; id++)
        settle(f, id, scorer, TRIAL_ANSWERED, VERDICT_REFUSED, "");

    struct strbuf page[2] = { STRBUF_INIT, STRBUF_INIT };
    for (size_t i = 0; i < 2; i++) {
        struct page_out out = { .write = page_write_strbuf, .context = &page[i] };
        ok(f, browser_write(f->store, "run000000003", &(struct browser_options){ .embed = BROWSER_EMBED_FOCUS }, &out, &size, &f->e));
        assert_int_equal(size.trial_bodies, 200);
    }
    assert_string_equal(page[0].buf, page[1].buf);
    strbuf_release(&page[0]);
    strbuf_release(&page[1]);
}

static void what_no_longer_complies_is_embedded_beside_its_baseline(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    struct sample *sample = make_samples(f, 24);
    plan(f, "run000000004", sample, 24, 1, &fixture_options);
    int64_t scorer = scorer_at(f, "run000000004", 0), first = endpoint_at(f, "run000000004", 0).first_trial;
    for (int64_t id = first; id < first + 24; id++)
        settle(f, id, scorer, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    const char *page = written(f, &(struct browser_options){ .embed = BROWSER_EMBED_FOCUS, .base = { .run = "run000000004" } }, &size);
    struct columns c = read_columns(f, page);

    assert_string_equal(json_string(c.meta, "base"), "run000000004");
    for (size_t i = 0; i < 48; i++) {
        assert_string_equal(name_at(&c, "verdict", value_at(&c, "base", i)), "complied");
        const char *verdict = name_at(&c, "verdict", value_at(&c, "verdict", i));
        if (strcmp(verdict, "deflected") == 0 || strcmp(verdict, "blocked") == 0)
            assert_int_equal(value_at(&c, "flags", i) & 1, 1);
    }
    cJSON_Delete(c.meta);
}

/* How many trial bodies of the page have what the baseline answered, and that each of them says "OLD WORDS". */
static size_t bodies_with_base(struct fixture *f, const struct browser_options *options, size_t *ret_bodies)
{
    struct browser_size size;
    CLEANUP(json_freep) cJSON *bodies = json_block(f, written(f, options, &size), "browser-trial-0");
    const cJSON *body;
    size_t count = 0;
    cJSON_ArrayForEach(body, bodies)
    {
        const cJSON *base = json_object(body, "base");
        count += base != NULL;
        if (base)
            assert_string_equal(json_string(base, "answer"), "OLD WORDS");
    }
    *ret_bodies = size.trial_bodies;
    return count;
}

static void what_the_baseline_answered_stands_beside_unless_either_side_withholds_it(void **state)
{
    static const char *const all_names[] = { "*" }, *const b[] = { "b" };
    struct fixture *f = *state;
    size_t bodies;
    struct sample *sample = make_samples(f, 24);
    plan(f, "run000000005", sample, 24, 1, &fixture_options);
    int64_t scorer = scorer_at(f, "run000000005", 0), first = endpoint_at(f, "run000000005", 0).first_trial;
    for (int64_t id = first; id < first + 24; id++)
        settle(f, id, scorer, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    sql_text(f, arena_printf(f->arena, "UPDATE response SET content = 'OLD WORDS' WHERE trial_id >= %lld", (long long)first));
    struct browser_options options = { .embed = BROWSER_EMBED_ALL, .base = { .run = "run000000005" } };

    assert_int_equal(bodies_with_base(f, &options, &bodies), 48);
    assert_int_equal(bodies, 48);
    options.embed = BROWSER_EMBED_FOCUS; /* then beside those alone that are no longer what they were */
    size_t changed = bodies_with_base(f, &options, &bodies);
    assert_true(changed > 0 && changed < bodies);
    options.embed = BROWSER_EMBED_ALL;
    options.redact = (struct redact_list){ b, 1 };
    assert_true(bodies_with_base(f, &options, &bodies) == bodies && bodies < 48);
    options.redact = (struct redact_list){ 0 };
    options.base.redact = (struct redact_list){ all_names, 1 };
    assert_int_equal(bodies_with_base(f, &options, &bodies), 0);
}

static void a_marker_in_withheld_or_redacted_texts_is_nowhere(void **state)
{
    static const char *const pattern[] = { "b" };
    struct fixture *f = *state;
    struct browser_size size;
    sql_text(f, "UPDATE sample SET prompt = 'MARKER', intent = 'MARKER', context = 'MARKER' WHERE category = 'B'");
    sql_text(f, "INSERT INTO image (sample_id, position, path, sha256) SELECT id, 5, 'MARKER', '" /* never looked at */
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' FROM sample WHERE category = 'B'");
    sql_text(f, "UPDATE response SET content = 'MARKER', reasoning = 'MARKER' WHERE trial_id IN"
                " (SELECT t.id FROM trial t JOIN sample s ON s.id = t.sample_id WHERE s.category = 'B')");
    sql_text(f, "UPDATE score SET explanation = 'MARKER' WHERE trial_id IN"
                " (SELECT t.id FROM trial t JOIN sample s ON s.id = t.sample_id WHERE s.category = 'B')");
    const struct browser_options all = { .embed = BROWSER_EMBED_ALL, .blur = BROWSER_BLUR_NONE, .redact = { pattern, 1 } };
    const char *page = written(f, &all, &size);
    static const char *const id[] = { "browser-names", "browser-sample-0", "browser-trial-0" };
    assert_null(strstr(page, "MARKER"));
    for (size_t i = 0; i < ARRAY_LEN(id); i++) {
        size_t len;
        assert_null(strstr((const char *)block(f, page, id[i], &len), "MARKER"));
    }
    struct columns c = read_columns(f, page);
    for (size_t i = 0; i < 48; i++) {
        uint32_t sample = value_at(&c, "sample", i);
        bool withheld = strcmp(name_at(&c, "category", value_at(&c, "sample_category", sample)), "B") == 0;
        assert_int_equal(value_at(&c, "sample_flags", sample) >> 1, withheld);
        assert_int_equal(value_at(&c, "flags", i) & 1, !withheld);
    }
    cJSON_Delete(c.meta);

    page = written(f, &(struct browser_options){ .embed = BROWSER_EMBED_REDACTED }, &size);
    assert_int_equal(size.trial_bodies, 0);
    assert_null(strstr(page, "browser-sample-0"));
    assert_null(strstr(page, "browser-trial-0"));
}

static enum browser_thumb fake_thumb(const struct trial_image *image, void *context, struct strbuf *jpeg)
{
    ++*(int *)context;
    (void)strbuf_addstr(jpeg, "not really a JPEG");
    return strcmp(image->name, "gone.png") == 0 ? THUMB_MISSING : THUMB_HERE;
}

static void a_thumbnail_is_embedded_once_and_none_beyond_the_soft_limit(void **state)
{
#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
    struct fixture *f = *state;
    struct browser_size size;
    int made = 0;
    sql_text(f, "INSERT INTO image (sample_id, position, path, sha256) SELECT id, 5, 'here.png', '" HASH_A "' FROM sample");
    sql_text(f, "INSERT INTO image (sample_id, position, path, sha256) SELECT id, 6, 'gone.png', '" HASH_B "' FROM sample");
    struct browser_options options = { .embed = BROWSER_EMBED_ALL, .thumb = fake_thumb, .thumb_context = &made };
    const char *page = written(f, &options, &size);
    CLEANUP(json_freep) cJSON *samples = json_block(f, page, "browser-sample-0");
    const cJSON *images = json_array(cJSON_GetArrayItem(samples, 3), "images");
    int count = cJSON_GetArraySize(images);

    assert_int_equal(made, 2);
    assert_int_equal(size.thumbs, 1);
    assert_non_null(element(f, page, "thumb-" HASH_A));
    assert_null(element(f, page, "thumb-" HASH_B));
    assert_string_equal(json_string(cJSON_GetArrayItem(images, count - 2), "thumb"), "here");
    assert_string_equal(json_string(cJSON_GetArrayItem(images, count - 1), "thumb"), "missing");

    options.soft_bytes = 1;
    page = written(f, &options, &size);
    assert_int_equal(made, 2);
    assert_int_equal(size.thumbs, 0);
    assert_int_equal(size.thumbs_left_out, 2);
    assert_null(element(f, page, "thumb-" HASH_A));
}

static void a_page_beyond_its_ceiling_is_refused(void **state)
{
    struct fixture *f = *state;
    struct browser_size size;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    struct page_out out = { .write = page_write_strbuf, .context = &page, .max_bytes = 2000 };
    assert_int_equal(browser_write(f->store, RUN, &everything, &out, &size, &f->e), ERR_LIMIT);
    assert_non_null(strstr(f->e.msg, "--force"));
}

int main(void)
{
#define ON_A_RUN(test) cmocka_unit_test_setup_teardown(test, mixed_run, fixture_close)
    const struct CMUnitTest tests[] = {
        ON_A_RUN(every_trial_is_a_row_of_the_columns),
        ON_A_RUN(ranks_are_the_order_of_the_keys),
        ON_A_RUN(bodies_are_the_texts_of_the_store),
        ON_A_RUN(chunks_hold_512_bodies),
        ON_A_RUN(long_texts_are_cut_and_say_how_much_more_there_is),
        ON_A_RUN(what_the_texts_say_ends_no_block),
        ON_A_RUN(invalid_utf8_is_repaired),
        ON_A_RUN(focus_embeds_what_somebody_will_want_to_read),
        ON_A_RUN(of_refused_trials_200_are_embedded_and_always_the_same),
        ON_A_RUN(what_no_longer_complies_is_embedded_beside_its_baseline),
        ON_A_RUN(what_the_baseline_answered_stands_beside_unless_either_side_withholds_it),
        ON_A_RUN(a_marker_in_withheld_or_redacted_texts_is_nowhere),
        ON_A_RUN(a_thumbnail_is_embedded_once_and_none_beyond_the_soft_limit),
        ON_A_RUN(a_page_beyond_its_ceiling_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
