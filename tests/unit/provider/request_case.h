/*
 * request_case - a request built from a target and a question, as text: method, URL, headers, body with labels for images.
 */
#ifndef TEST_REQUEST_CASE_H
#define TEST_REQUEST_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "provider/provider.h"

#include <string.h>

static const struct chat_request hello = { .prompt = "hello" };
static const struct chat_image images[] = { { "image/png", "\x89PNG", 4, "sha256:aa" }, { "image/jpeg", "\xFF\xD8\xFF", 3, "sha256:bb" } };

/* The body is checked to be JSON. The caller frees. */
static inline char *request_body_of(const struct provider_ops *ops, const struct provider_target *t, const struct chat_request *c)
{
    struct arena a = ARENA_INIT;
    struct http_request r;
    struct strbuf out = STRBUF_INIT;
    struct error e = { .code = OK };
    if (ops->build(t, c, &a, &r, &e) != OK)
        fail_msg("%s", e.msg);
    http_request_elided(&r, &out);
    cJSON *tree = json_parse(out.buf, out.len, &e);
    if (!tree)
        fail_msg("not JSON: %s: %s", e.msg, out.buf);
    cJSON_Delete(tree);
    arena_release(&a);
    return strbuf_detach(&out, NULL);
}

static inline void body_is(const struct provider_ops *ops, const struct provider_target *t, const struct chat_request *c,
                           const char *wanted)
{
    char *body = request_body_of(ops, t, c);
    assert_string_equal(body, wanted);
    free(body);
}

static inline void url_is(const struct provider_ops *ops, const struct provider_target *t, const char *wanted)
{
    struct arena a = ARENA_INIT;
    struct http_request r;
    assert_int_equal(ops->build(t, &hello, &a, &r, NULL), OK);
    assert_string_equal(r.method, "POST");
    assert_string_equal(r.url, wanted);
    arena_release(&a);
}

/* NULL = that it is not there. */
static inline void header_is(const struct provider_ops *ops, const struct provider_target *t, const char *name, const char *wanted)
{
    struct arena a = ARENA_INIT;
    struct http_request r;
    const char *value = NULL;
    assert_int_equal(ops->build(t, &hello, &a, &r, NULL), OK);
    for (size_t i = 0; i < r.header_count; i++)
        if (strcasecmp(r.header[i].name, name) == 0)
            value = r.header[i].value;
    if (wanted)
        assert_string_equal(value ? value : "(absent)", wanted);
    else
        assert_null(value);
    arena_release(&a);
}

/* One row about what a protocol cannot say; key NULL = it can. */
struct check_case {
    struct provider_target t;
    const char *key, *words;
};

static inline void check_gives(const struct provider_ops *ops, const struct check_case *c)
{
    const char *key = NULL;
    struct error e = { .code = OK };
    enum err code = ops->check(&c->t, &key, &e);
    if (!c->key) {
        if (code != OK)
            fail_msg("refused: %s", e.msg);
        return;
    }
    assert_int_equal(code, ERR_INVALID);
    assert_string_equal(key, c->key);
    if (!strstr(e.msg, c->words))
        fail_msg("'%s' does not hold '%s'", e.msg, c->words);
}

#endif
