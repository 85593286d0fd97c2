/*
 * A template is compiled to a flat list of nodes in the order of the text. A section node knows where its part ends, so
 * rendering is a walk over a range of the list, and a section left out is a jump.
 */
#include "reports/template.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text_safe.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum node_kind { NODE_TEXT, NODE_ESCAPED, NODE_RAW, NODE_SECTION, NODE_INVERTED };

struct node {
    enum node_kind kind;
    const char *text; /* NODE_TEXT: the bytes; else the name. Borrowed from the template's copy */
    size_t len;
    int line;
    size_t end; /* sections: the node after their last one */
};

struct template
{
    char *name, *source;
    struct node *node;
    size_t count, cap;
};

struct parser {
    struct template *t;
    const char *at, *end;
    const char *line_at; /* `line` is the number of the line that this is in */
    int line;
    size_t open[MAX_TEMPLATE_DEPTH]; /* node numbers of the sections that are open */
    size_t depth;
};

/* ---- compiling ------------------------------------------------------------------------------------------------ */

static int line_of(struct parser *p, const char *at)
{
    for (; p->line_at < at; p->line_at++)
        p->line += *p->line_at == '\n';
    return p->line;
}

static void add_node(struct template *t, enum node_kind kind, const char *text, size_t len, int line)
{
    if (kind == NODE_TEXT && len == 0)
        return;
    t->node = vec_grow(t->node, t->count, &t->cap, sizeof(*t->node));
    t->node[t->count++] = (struct node){ .kind = kind, .text = text, .len = len, .line = line };
}

static const char *find(const char *from, const char *end, const char *what)
{
    return memmem(from, (size_t)(end - from), what, strlen(what));
}

static bool starts(const char *at, const char *end, const char *what)
{
    size_t len = strlen(what);
    return (size_t)(end - at) >= len && memcmp(at, what, len) == 0;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* `.`, or words with dots between them. */
static bool is_name(const char *name, size_t len)
{
    if (len == 1 && name[0] == '.')
        return true;
    bool word = false;
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '.' ? !word : !is_name_byte(name[i]))
            return false;
        word = name[i] != '.';
    }
    return word;
}

/* What stands between the braces, without the sign and the spaces. */
struct tag {
    char sign;                /* 0 # ^ / ! { */
    const char *from, *after; /* the tag's bytes in the text */
    const char *name;
    size_t len;
    int line;
};

static enum err read_tag(struct parser *p, const char *from, struct tag *ret_tag, struct error *e)
{
    static const char signs[] = "#^/!{";
    struct tag tag = { .from = from, .line = line_of(p, from) };
    const char *name = from + 2, *close;
    if (name < p->end && memchr(signs, *name, sizeof(signs) - 1))
        tag.sign = *name++;
    const char *ending = tag.sign == '{' ? "}}}" : "}}";
    close = find(name, p->end, ending);
    if (!close)
        return error_set(e, ERR_SYNTAX, "%s:%d: a tag is not closed by %s", p->t->name, tag.line, ending);
    tag.after = close + strlen(ending);
    while (name < close && (*name == ' ' || *name == '\t'))
        name++;
    while (close > name && (close[-1] == ' ' || close[-1] == '\t'))
        close--;
    tag.name = name;
    tag.len = (size_t)(close - name);
    if (tag.sign != '!' && !is_name(tag.name, tag.len))
        return error_set(e, ERR_SYNTAX, "%s:%d: `%.*s` is not a name", p->t->name, tag.line, (int)(tag.len < 40 ? tag.len : 40), tag.name);
    *ret_tag = tag;
    return OK;
}

/* Widens a section tag or comment by the HTML comment marks that touch it and, when it stands alone, by its line. */
static void widen(const struct parser *p, struct tag *tag)
{
    if (tag->sign == 0 || tag->sign == '{')
        return;
    if (tag->sign != '!') {
        if (tag->from - p->at >= 4 && memcmp(tag->from - 4, "<!--", 4) == 0)
            tag->from -= 4;
        if (starts(tag->after, p->end, "-->"))
            tag->after += 3;
    }
    const char *left = tag->from, *right = tag->after;
    while (left > p->at && (left[-1] == ' ' || left[-1] == '\t'))
        left--;
    while (right < p->end && (*right == ' ' || *right == '\t' || *right == '\r'))
        right++;
    bool first = left == p->t->source || (left > p->at ? left[-1] == '\n' : p->at > p->t->source && p->at[-1] == '\n');
    if (first && (right == p->end || *right == '\n')) {
        tag->from = left;
        tag->after = right == p->end ? right : right + 1;
    }
}

static enum err open_section(struct parser *p, const struct tag *tag, struct error *e)
{
    if (p->depth == MAX_TEMPLATE_DEPTH)
        return error_set(e, ERR_LIMIT, "%s:%d: sections are nested deeper than %d", p->t->name, tag->line, MAX_TEMPLATE_DEPTH);
    p->open[p->depth++] = p->t->count;
    add_node(p->t, tag->sign == '#' ? NODE_SECTION : NODE_INVERTED, tag->name, tag->len, tag->line);
    return OK;
}

static enum err close_section(struct parser *p, const struct tag *tag, struct error *e)
{
    if (p->depth == 0)
        return error_set(e, ERR_SYNTAX, "%s:%d: {{/%.*s}} closes nothing", p->t->name, tag->line, (int)tag->len, tag->name);
    struct node *open = &p->t->node[p->open[--p->depth]];
    if (open->len != tag->len || memcmp(open->text, tag->name, tag->len) != 0)
        return error_set(e, ERR_SYNTAX, "%s:%d: {{/%.*s}} closes `%.*s` of line %d", p->t->name, tag->line, (int)tag->len, tag->name,
                         (int)open->len, open->text, open->line);
    open->end = p->t->count;
    return OK;
}

static enum err take_tag(struct parser *p, const struct tag *tag, struct error *e)
{
    switch (tag->sign) {
    case '#':
    case '^': return open_section(p, tag, e);
    case '/': return close_section(p, tag, e);
    case '!': return OK;
    case '{': add_node(p->t, NODE_RAW, tag->name, tag->len, tag->line); return OK;
    default: add_node(p->t, NODE_ESCAPED, tag->name, tag->len, tag->line); return OK;
    }
}

static enum err parse(struct parser *p, struct error *e)
{
    for (const char *from; (from = find(p->at, p->end, "{{")) != NULL;) {
        struct tag tag = { .from = from, .after = p->end, .name = from };
        enum err rc = read_tag(p, from, &tag, e);
        if (rc != OK)
            return rc;
        widen(p, &tag);
        add_node(p->t, NODE_TEXT, p->at, (size_t)(tag.from - p->at), 0);
        rc = take_tag(p, &tag, e);
        if (rc != OK)
            return rc;
        p->at = tag.after;
    }
    add_node(p->t, NODE_TEXT, p->at, (size_t)(p->end - p->at), 0);
    if (p->depth > 0) {
        const struct node *open = &p->t->node[p->open[p->depth - 1]];
        return error_set(e, ERR_SYNTAX, "%s:%d: {{%c%.*s}} is not closed", p->t->name, open->line, open->kind == NODE_SECTION ? '#' : '^',
                         (int)open->len, open->text);
    }
    return OK;
}

enum err template_compile(const char *name, const char *text, size_t len, struct template **ret_t, struct error *e)
{
    if (len > MAX_TEMPLATE_BYTES)
        return error_set(e, ERR_LIMIT, "%s is larger than %d bytes", name, MAX_TEMPLATE_BYTES);
    struct template *t = xcalloc(1, sizeof(*t));
    t->name = xstrdup(name);
    t->source = xmalloc(len + 1);
    memcpy(t->source, text, len);
    t->source[len] = '\0';
    struct parser p = { .t = t, .at = t->source, .end = t->source + len, .line_at = t->source, .line = 1 };
    enum err rc = parse(&p, e);
    if (rc == OK)
        *ret_t = t;
    else
        template_free(t);
    return rc;
}

void template_free(struct template *t)
{
    if (!t)
        return;
    free(t->name);
    free(t->source);
    free(t->node);
    free(t);
}

void template_freep(struct template **t)
{
    template_free(*t);
}

/* ---- rendering ------------------------------------------------------------------------------------------------ */

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

static enum err put_value(const struct template *t, const struct node *n, const cJSON *v, struct strbuf *out, struct error *e)
{
    if (cJSON_IsString(v) && n->kind == NODE_RAW)
        (void)strbuf_addstr(out, v->valuestring);
    else if (cJSON_IsString(v))
        text_safe_html(v->valuestring, strlen(v->valuestring), out);
    else if (cJSON_IsNumber(v))
        json_add_number(out, v->valuedouble);
    else if (!cJSON_IsNull(v))
        return error_set(e, ERR_INVALID, "%s:%d: `%.*s` is neither text nor a number", t->name, n->line, (int)n->len, n->text);
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
            return error_set(e, ERR_INVALID, "%s:%d: nothing is called `%.*s` here", t->name, n->line, (int)n->len, n->text);
        if (n->kind == NODE_ESCAPED || n->kind == NODE_RAW) {
            rc = put_value(t, n, v, out, e);
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
