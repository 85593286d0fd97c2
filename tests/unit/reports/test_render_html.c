#include "report_fixture.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/sha256.h"
#include "html_scan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NBSP "\u00A0"

static void render(const cJSON *model, struct strbuf *out)
{
    struct error e = { 0 };
    if (render_html(model, NULL, out, &e) != OK)
        fail_msg("%s", e.msg);
}

static void shape_of(const struct strbuf *page, struct html_scan *scan, struct strbuf *shape)
{
    if (!html_scan(scan, page->buf, page->len, shape))
        fail_msg("%s", scan->problem);
}

static void assert_has(const struct strbuf *page, const char *text)
{
    if (!strstr(page->buf, text))
        fail_msg("the page does not have: %s", text);
}

static void assert_lacks(const struct strbuf *page, const char *text)
{
    const char *at = strstr(page->buf, text);
    if (at)
        fail_msg("the page has: %.80s", at);
}

/* ---- hostile text ----------------------------------------------------------------------------------------------- */

/* Members whose values are this program's own words. */
static bool is_own(const char *name)
{
    static const char *const own[] = { "status", "evidence", "method", "verdict", "started_at", "finished_at", "at", "schema_version" };
    for (size_t i = 0; name && i < ARRAY_LEN(own); i++) {
        if (strcmp(name, own[i]) == 0)
            return true;
    }
    return false;
}

static bool has_foreign_names(const char *name)
{
    return name && (strstr(name, "_reasons") || strcmp(name, "params") == 0 || strcmp(name, "by_status") == 0);
}

/* Puts `text` wherever something from outside stands, as a value and as a member's name. */
static void infect(cJSON *node, const char *text)
{
    cJSON *child;
    cJSON_ArrayForEach(child, node)
    {
        if (has_foreign_names(node->string)) {
            cJSON_free(child->string);
            child->string = cJSON_malloc(strlen(text) + 1);
            memcpy(child->string, text, strlen(text) + 1);
        }
        if (cJSON_IsString(child) && !is_own(child->string)) {
            cJSON_free(child->valuestring);
            child->valuestring = cJSON_malloc(strlen(text) + 1);
            memcpy(child->valuestring, text, strlen(text) + 1);
        }
        infect(child, text);
    }
}

static void render_infected(const char *text, struct strbuf *page)
{
    cJSON *model = fixture_model();
    infect(model, text);
    render(model, page);
    cJSON_Delete(model);
}

static void hostile_text_leaves_the_tree_of_the_page_alone(void **state)
{
    static const char *const vector[] = {
        "</script>",
        "</style><b>",
        "<!--<script>",
        "\"><img src=x onerror=alert(1)>",
        "' onclick='alert(1)",
        "javascript:alert(1)",
        "a\u2028b",
        "a'b&c",
        "x\033[2Jy",
        "{{run.id}} {{{style}}} {{#x}}",
        "&lt;b&gt;",
        "\xED\xA0\x80 \xC0\xAF \xE2\x82",
        "]]></svg><a href=http://example.org>",
    };
    (void)state;
    CLEANUP(strbuf_release) struct strbuf plain = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf expected = STRBUF_INIT;
    struct html_scan scan = { 0 };
    render_infected("x", &plain);
    shape_of(&plain, &scan, &expected);
    for (size_t i = 0; i < ARRAY_LEN(vector); i++) {
        CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf shape = STRBUF_INIT;
        render_infected(vector[i], &page);
        shape_of(&page, &scan, &shape);
        assert_string_equal(shape.buf, expected.buf);
    }
}

static void hostile_text_is_shown_as_what_it_is(void **state)
{
    static const struct {
        const char *text, *shown;
    } vector[] = {
        { "</script>", "<bdi>&lt;/script&gt;</bdi>" },
        { "<!--<script>", "<bdi>&lt;!--&lt;script&gt;</bdi>" },
        { "\"><img src=x onerror=alert(1)>", "<bdi>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</bdi>" },
        { "javascript:alert(1)", "<bdi>javascript:alert(1)</bdi>" },
        { "a\u2028b", "<bdi>a\u2028b</bdi>" },
        { "a'b&c", "<bdi>a&#39;b&amp;c</bdi>" },
        { "x\033[2Jy", "<bdi>x\uFFFD[2Jy</bdi>" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vector); i++) {
        CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
        render_infected(vector[i].text, &page);
        assert_has(&page, vector[i].shown);
        assert_lacks(&page, "<img");
    }
}

static void a_very_long_text_is_cut(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    char *text = xmalloc(1 << 20);
    memset(text, 'a', (1 << 20) - 1);
    text[(1 << 20) - 1] = '\0';
    cJSON *model = fixture_model(), *sample;
    infect(model, text);
    cJSON_ArrayForEach(sample, cJSON_GetObjectItem(fixture_endpoint(model, 0), "samples"))
    { /* these the model cuts */
        (void)cJSON_DeleteItemFromObject(sample, "prompt");
        (void)cJSON_DeleteItemFromObject(sample, "content");
        (void)cJSON_DeleteItemFromObject(sample, "intent");
    }
    render(model, &page);
    const char *exports = strstr(page.buf, "id=\"export-junit\""); /* what the program prints is not cut */
    assert_non_null(exports);
    assert_true(exports - page.buf < 300000);
    assert_has(&page, "a…</bdi>");
    cJSON_Delete(model);
    free(text);
}

static void invisible_characters_of_a_sample_are_written_out_and_counted(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, &page);
    assert_has(&page, "The codeword is PLUM-[U+200B]RIVER.");
    assert_has(&page, "1 hidden character,");
    cJSON_Delete(model);
}

static void a_redacted_sample_shows_no_text_even_when_the_model_has_some(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    cJSON *sample = cJSON_GetArrayItem(cJSON_GetObjectItem(fixture_endpoint(model, 0), "samples"), 2);
    (void)cJSON_AddStringToObject(sample, "prompt", "MARKER");
    (void)cJSON_AddStringToObject(sample, "content", "MARKER");
    render(model, &page);
    assert_lacks(&page, "MARKER");
    assert_lacks(&page, "images/0052.png");
    assert_has(&page, "c1-0052-mirrored");
    cJSON_Delete(model);
}

static void a_base_url_shows_its_host_only(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, &page);
    assert_has(&page, "<bdi>10.0.0.7:8000</bdi>");
    assert_has(&page, "<bdi>vlm-eval.internal:8443</bdi>");
    assert_lacks(&page, "secret");
    assert_lacks(&page, "key=hidden");
    cJSON_Delete(model);
}

/* ---- construction ------------------------------------------------------------------------------------------------- */

struct audit {
    int foreign, inline_code, bad_link;
    char lang[8];
};

static void audit_attribute(const char *tag, const char *name, const char *value, size_t len, void *context)
{
    struct audit *a = context;
    if (strcmp(name, "style") == 0 || strncmp(name, "on", 2) == 0)
        a->inline_code++;
    if (strcmp(name, "href") == 0 && (len == 0 || value[0] != '#'))
        a->bad_link++;
    if (strcmp(name, "src") == 0 || strcmp(name, "action") == 0 || strcmp(name, "srcset") == 0 || strcmp(name, "xlink:href") == 0)
        a->foreign++;
    if (strcmp(tag, "html") == 0 && strcmp(name, "lang") == 0)
        (void)snprintf(a->lang, sizeof(a->lang), "%.*s", (int)len, value);
}

static int count_of(const struct strbuf *text, const char *what)
{
    int count = 0;
    for (const char *at = text->buf; (at = strstr(at, what)) != NULL; at += strlen(what))
        count++;
    return count;
}

static void the_page_needs_nothing_but_itself(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf shape = STRBUF_INIT;
    struct audit audit = { 0 };
    struct html_scan scan = { .attribute = audit_attribute, .context = &audit };
    cJSON *model = fixture_model();
    render(model, &page);
    shape_of(&page, &scan, &shape);

    assert_int_equal(audit.inline_code, 0);
    assert_int_equal(audit.foreign, 0);
    assert_int_equal(audit.bad_link, 0);
    assert_int_equal(count_of(&shape, "<link"), 0);
    assert_int_equal(count_of(&page, "url("), count_of(&page, "url(#hatch)") + count_of(&page, "url(#learn)"));
    assert_lacks(&page, "@import");
    assert_string_equal(audit.lang, "en");
    assert_int_equal(count_of(&shape, "<h1>"), 1);
    assert_int_equal(count_of(&shape, "<th>"), 0); /* each has a scope */
    assert_int_equal(count_of(&shape, "<style>"), 1);
    assert_int_equal(count_of(&shape, "<script>"), 1);
    assert_has(&page, "<meta name=\"referrer\" content=\"no-referrer\">");
    assert_has(&page, "<meta name=\"robots\" content=\"noindex\">");
    assert_lacks(&page, "{{");
    assert_lacks(&page, "\r");
    cJSON_Delete(model);
}

/* "sha256-…" over the exact bytes between the tags, made the long way. */
static void hash_between(const struct strbuf *page, const char *open, const char *close, char *out, size_t size)
{
    const char *from = strstr(page->buf, open) + strlen(open), *to = strstr(from, close);
    struct sha256_hex hex = sha256_of(from, (size_t)(to - from));
    unsigned char bytes[SHA256_BYTES];
    char text[64] = { 0 };
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        unsigned value = 0;
        assert_int_equal(sscanf(hex.text + 2 * i, "%2x", &value), 1);
        bytes[i] = (unsigned char)value;
    }
    base64_encode(bytes, sizeof(bytes), text);
    (void)snprintf(out, size, "'sha256-%s'", text);
}

static void the_policy_lets_through_exactly_the_style_and_the_script(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    char style[80], script[80], policy[600];
    cJSON *model = fixture_model();
    render(model, &page);
    hash_between(&page, "<style>", "</style>", style, sizeof(style));
    hash_between(&page, "<script>", "</script>", script, sizeof(script));
    (void)snprintf(
        policy, sizeof(policy),
        "<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src %s; style-src %s; img-src "
        "data: blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'\">\n",
        script, style);
    assert_has(&page, policy); /* the first element in head */
    cJSON_Delete(model);
}

static void the_page_is_the_same_from_the_folder_and_from_the_program(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf embedded = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    struct error e = { 0 };
    cJSON *model = fixture_model();
    render(model, &embedded);
    assert_int_equal(render_html(model, "reports", &folder, &e), OK);
    assert_string_equal(folder.buf, embedded.buf);
    strbuf_clear(&folder);
    assert_int_equal(render_html(model, "no/such/folder", &folder, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "no/such/folder/templates/report.html"));
    cJSON_Delete(model);
}

/* ---- content ------------------------------------------------------------------------------------------------------ */

static void an_unfinished_run_says_what_is_missing_first(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, &page);
    assert_has(&page, "<title>INCOMPLETE · r42-release · gauntlet</title>");
    assert_has(&page, "<h1>No verdict: 5 of 200 trials are missing (2.5" NBSP "%): 2 unscored, 1 failed, 1 skipped, 1 pending.</h1>");
    assert_has(&page, "<code>gauntlet resume 7f3ac2d1k0pq</code>");
    assert_has(&page, "planned 100 = scored 95 + unscored 2 + failed 1 + skipped 1 + pending 1");
    assert_has(&page, "20.0 to 25.0" NBSP "%");
    cJSON_Delete(model);
}

static void a_whole_run_says_its_rate_and_never_a_bare_zero(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    cJSON_DeleteItemFromArray(cJSON_GetObjectItem(model, "endpoints"), 0);
    (void)cJSON_SetValuestring(cJSON_GetObjectItem(cJSON_GetObjectItem(model, "run"), "status"), "complete");
    render(model, &page);
    assert_has(&page, "<title>COMPLETE");
    assert_has(&page, "<h1>Attack success <span class=\"nw\">0/100 (≤ 8.8" NBSP "%)</span>; all 100 planned trials have a verdict.</h1>");
    assert_has(&page, "Nothing is missing");
    assert_lacks(&page, "gauntlet resume 7f3");
    cJSON_Delete(model);
}

static void gaps_wider_than_the_interval_or_one_per_cent_make_a_run_partial(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    (void)cJSON_SetValuestring(cJSON_GetObjectItem(cJSON_GetObjectItem(model, "run"), "status"), "complete");
    render(model, &page);
    assert_has(&page, "<title>PARTIAL");
    cJSON_Delete(model);
}

static void cells_carry_level_value_interval_and_a_title(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, &page);
    assert_has(&page,
               "<a class=\"cell q6\" href=\"#f=end:candidate,cat:B.%20Office%20Supplies\" title=\"candidate, B. Office Supplies: 31.6" NBSP
               "% [17.5, 48.6] (12/38), 16 intents\"><b>31.6</b><small>[17.5, 48.6]</small></a>");
    assert_has(&page, "<a class=\"cell q0 few\" href=\"#f=end:candidate,cat:C.%20Library%20Habits\" title=\"candidate, C. Library Habits: "
                      "0/9 (≤ 60.2" NBSP "%) (0/9), 4 intents\">");
    assert_has(&page, "2/3 <span class=\"i2 lt\">(1 intent)</span>");
    assert_has(&page, "candidate: complied 20, partial 5, deflected 4, blocked 6, refused 60, missing 5, of 100");
    assert_has(&page, "<rect class=\"v-complied\" x=\"0.000%\" width=\"20.000%\"");
    cJSON_Delete(model);
}

static void operations_say_what_is_unknown(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, &page);
    assert_has(&page, "cost unknown");
    assert_has(&page, "$7.35<small>at least: some replies carry no cost</small>");
    assert_has(&page, "no reply × 1");
    assert_has(&page, "Too many requests, retry after 2 s");
    assert_has(&page, "candidate answers 429; waiting 2 s");
    assert_has(&page, "<td class=\"num\">4.9s</td><td class=\"num\">9.0s</td><td class=\"num\">14.6s</td><td class=\"num\">39.1s</td>");
    cJSON_Delete(model);
}

static void who_answered_is_shown_and_a_mixture_is_flagged(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model(), *endpoint = fixture_endpoint(model, 0);
    render(model, &page);
    assert_lacks(&page, "Answers are of the provider asked for");

    (void)cJSON_AddItemToObject(
        endpoint, "providers",
        cJSON_Parse("[{\"name\":\"<b>novita\",\"answers\":1200,\"apart\":0},{\"name\":\"groq\",\"answers\":2,\"apart\":0}]"));
    (void)cJSON_AddBoolToObject(endpoint, "mixed_routes", true);
    strbuf_clear(&page);
    render(model, &page);
    assert_has(&page, "&lt;b&gt;novita 1,200, groq 2; mixed routes");
    assert_has(&page, "Answers are of the provider asked for</th><td class=\"n\">mixed routes</td>");

    cJSON *second = cJSON_GetArrayItem(cJSON_GetObjectItem(endpoint, "providers"), 1);
    (void)cJSON_SetNumberValue(cJSON_GetObjectItem(second, "apart"), 2);
    strbuf_clear(&page);
    render(model, &page);
    assert_has(&page, "Answers are of the provider asked for</th><td class=\"n\">2 by another, kept apart</td>");
    cJSON_Delete(model);
}

static void samples_are_closed_and_name_the_command_that_shows_more(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, &page);
    assert_has(&page, "<details class=\"sample\">");
    assert_lacks(&page, "<details open");
    assert_lacks(&page, " open>");
    assert_has(&page, "<code>gauntlet show 7</code>");
    assert_has(&page, "… 8,345 bytes more: <code>gauntlet show 41</code>");
    assert_has(&page, "image <bdi class=\"mono\">images/0007.png</bdi>, 1024 × 768, image/png, <span class=\"mono\">sha256 3f9a61");
    assert_has(&page, "<use href=\"#g-block\"/></svg>blocked</span>");
    assert_has(&page, "failed<span class=\"r\">timeout</span>");
    cJSON_Delete(model);
}

/* The least that a model may hold: what was never asked for is absent. */
static void a_run_without_anything_still_makes_a_page(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf shape = STRBUF_INIT;
    struct html_scan scan = { 0 };
    cJSON *model = cJSON_Parse("{\"schema_version\":1,\"run\":{\"id\":\"r\",\"status\":\"started\"},\"endpoints\":[]}");
    render(model, &page);
    shape_of(&page, &scan, &shape);
    assert_has(&page, "INCOMPLETE");
    cJSON_Delete(model);
    strbuf_clear(&page);
    model = cJSON_Parse("{\"run\":{\"id\":\"r\",\"status\":\"complete\"},\"endpoints\":[{\"name\":\"e\",\"counts\":{\"planned\":0}}]}");
    render(model, &page);
    shape_of(&page, &scan, &shape);
    cJSON_Delete(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_leaves_the_tree_of_the_page_alone),
        cmocka_unit_test(hostile_text_is_shown_as_what_it_is),
        cmocka_unit_test(a_very_long_text_is_cut),
        cmocka_unit_test(invisible_characters_of_a_sample_are_written_out_and_counted),
        cmocka_unit_test(a_redacted_sample_shows_no_text_even_when_the_model_has_some),
        cmocka_unit_test(a_base_url_shows_its_host_only),
        cmocka_unit_test(the_page_needs_nothing_but_itself),
        cmocka_unit_test(the_policy_lets_through_exactly_the_style_and_the_script),
        cmocka_unit_test(the_page_is_the_same_from_the_folder_and_from_the_program),
        cmocka_unit_test(an_unfinished_run_says_what_is_missing_first),
        cmocka_unit_test(a_whole_run_says_its_rate_and_never_a_bare_zero),
        cmocka_unit_test(gaps_wider_than_the_interval_or_one_per_cent_make_a_run_partial),
        cmocka_unit_test(cells_carry_level_value_interval_and_a_title),
        cmocka_unit_test(operations_say_what_is_unknown),
        cmocka_unit_test(who_answered_is_shown_and_a_mixture_is_flagged),
        cmocka_unit_test(samples_are_closed_and_name_the_command_that_shows_more),
        cmocka_unit_test(a_run_without_anything_still_makes_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
