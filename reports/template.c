/* template - rendering: a walk over the nodes that template_compile.c made. */
#include "reports/template_private.h"

#include "base/json.h"
#include "base/text_safe.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void template_free(struct template *t)
{
    if (!t)
        return;
    arena_release(&t->memory);
    free(t->node);
    free(t);
}

void template_freep(struct template **t)
{
    template_free(*t);
}

/* The values of the sections around a tag, innermost first. */
struct scope {
    const cJSON *value;
    const struct scope *outer;
};

static const cJSON *member(const cJSON *object, const char *name, size_t len)
{
    if (!cJSON_IsObject(object))
        return NULL;
    for (const cJSON *m = object->child; m; m = m->next) {
        if (m->string && strlen(m->string) == len && memcmp(m->string, name, len) == 0)
            return m;
    }
    return NULL;
}

static const cJSON *look_up(const struct scope *scope, const struct node *n)
{
    if (n->len == 1 && n->text[0] == '.')
        return scope->value;
    const char *end = n->text + n->len, *dot = memchr(n->text, '.', n->len);
    size_t first = dot ? (size_t)(dot - n->text) : n->len;
    const cJSON *value = NULL;
    for (; scope && !value; scope = scope->outer)
        value = member(scope->value, n->text, first);
    while (value && dot) {
        const char *word = dot + 1;
        dot = memchr(word, '.', (size_t)(end - word));
        value = member(value, word, (size_t)((dot ? dot : end) - word));
    }
    return value;
}

static bool is_shown(const cJSON *v)
{
    return cJSON_IsTrue(v) || cJSON_IsObject(v) || (cJSON_IsArray(v) && v->child) ||
           (cJSON_IsNumber(v) && (v->valuedouble < 0 || v->valuedouble > 0)) || (cJSON_IsString(v) && v->valuestring[0]);
}

static enum err put_value(const struct node *n, const cJSON *v, struct strbuf *out, struct error *e)
{
    if (cJSON_IsString(v) && n->kind == NODE_RAW)
        (void)strbuf_addstr(out, v->valuestring);
    else if (cJSON_IsString(v))
        text_safe_html(v->valuestring, strlen(v->valuestring), out);
    else if (cJSON_IsNumber(v))
        json_add_number(out, v->valuedouble);
    else if (!cJSON_IsNull(v))
        return error_set(e, ERR_INVALID, "%s:%d: `%.*s` is neither text nor a number", n->file, n->line, (int)n->len, n->text);
    return OK;
}

static enum err render_range(const struct template *t, size_t at, size_t end, const struct scope *scope, struct strbuf *out,
                             struct error *e);

static enum err render_section(const struct template *t, size_t at, const cJSON *v, const struct scope *scope, struct strbuf *out,
                               struct error *e)
{
    size_t end = t->node[at].end;
    struct scope inner = { v, scope };
    if (!cJSON_IsArray(v))
        return render_range(t, at + 1, end, cJSON_IsTrue(v) ? scope : &inner, out, e);
    enum err rc = OK;
    for (const cJSON *item = v->child; item && rc == OK; item = item->next) {
        inner.value = item;
        rc = render_range(t, at + 1, end, &inner, out, e);
    }
    return rc;
}

static enum err render_range(const struct template *t, size_t at, size_t end, const struct scope *scope, struct strbuf *out,
                             struct error *e)
{
    enum err rc = OK;
    while (rc == OK && at < end) {
        const struct node *n = &t->node[at];
        if (n->kind == NODE_TEXT) {
            (void)strbuf_add(out, n->text, n->len);
            at++;
            continue;
        }
        const cJSON *v = look_up(scope, n);
        if (!v)
            return error_set(e, ERR_INVALID, "%s:%d: nothing is called `%.*s` here", n->file, n->line, (int)n->len, n->text);
        if (n->kind == NODE_ESCAPED || n->kind == NODE_RAW) {
            rc = put_value(n, v, out, e);
            at++;
        } else {
            if (n->kind == NODE_SECTION && is_shown(v))
                rc = render_section(t, at, v, scope, out, e);
            else if (n->kind == NODE_INVERTED && !is_shown(v))
                rc = render_range(t, at + 1, n->end, scope, out, e);
            at = n->end;
        }
    }
    return rc;
}

enum err template_render(const struct template *t, const cJSON *view, struct strbuf *out, struct error *e)
{
    struct scope outermost = { view, NULL };
    enum err rc = render_range(t, 0, t->count, &outermost, out, e);
    if (rc == OK && out->overflow)
        return error_set(e, ERR_LIMIT, "%s: the page is larger than %zu bytes", t->name, out->max);
    return rc;
}
