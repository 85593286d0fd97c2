/*
 * A template is compiled to a flat list of nodes in the order of the text. A section node knows where its part ends, so
 * rendering is a walk over a range of the list, and a section left out is a jump. A partial is compiled where it stands.
 */
#include "reports/template_private.h"

#include "base/vec.h"

#include <stdbool.h>
#include <string.h>

/* One compilation: where partials come from, and how many there have been. */
struct loader {
    template_load load; /* NULL: there are none */
    void *from;
    int count;
};

struct parser {
    struct template *t;
    struct loader *loader;
    const char *file, *source;
    const char *at, *end;
    const char *line_at; /* `line` is the number of the line that this is in */
    int line;
    int nesting;                     /* in how many partials this one stands */
    size_t open[MAX_TEMPLATE_DEPTH]; /* node numbers of the sections that are open */
    size_t depth;
};

static int line_of(struct parser *p, const char *at)
{
    for (; p->line_at < at; p->line_at++)
        p->line += *p->line_at == '\n';
    return p->line;
}

static void add_node(const struct parser *p, enum node_kind kind, const char *text, size_t len, int line)
{
    struct template *t = p->t;
    if (kind == NODE_TEXT && len == 0)
        return;
    t->node = vec_grow(t->node, t->count, &t->cap, sizeof(*t->node));
    t->node[t->count++] = (struct node){ .kind = kind, .text = text, .len = len, .file = p->file, .line = line };
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
    char sign;                /* 0 # ^ / ! { > */
    const char *from, *after; /* the tag's bytes in the text */
    const char *name;
    size_t len;
    int line;
};

static enum err read_tag(struct parser *p, const char *from, struct tag *ret_tag, struct error *e)
{
    static const char signs[] = "#^/!{>";
    struct tag tag = { .from = from, .line = line_of(p, from) };
    const char *name = from + 2, *close;
    if (name < p->end && memchr(signs, *name, sizeof(signs) - 1))
        tag.sign = *name++;
    const char *ending = tag.sign == '{' ? "}}}" : "}}";
    close = find(name, p->end, ending);
    if (!close)
        return error_set(e, ERR_SYNTAX, "%s:%d: a tag is not closed by %s", p->file, tag.line, ending);
    tag.after = close + strlen(ending);
    while (name < close && (*name == ' ' || *name == '\t'))
        name++;
    while (close > name && (close[-1] == ' ' || close[-1] == '\t'))
        close--;
    tag.name = name;
    tag.len = (size_t)(close - name);
    if (tag.sign != '!' && !is_name(tag.name, tag.len))
        return error_set(e, ERR_SYNTAX, "%s:%d: `%.*s` is not a name", p->file, tag.line, (int)(tag.len < 40 ? tag.len : 40), tag.name);
    *ret_tag = tag;
    return OK;
}

/* Widens a section tag, partial or comment by the HTML comment marks that touch it and, when it stands alone, by its line. */
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
    bool first = left == p->source || (left > p->at ? left[-1] == '\n' : p->at > p->source && p->at[-1] == '\n');
    if (first && (right == p->end || *right == '\n')) {
        tag->from = left;
        tag->after = right == p->end ? right : right + 1;
    }
}

static enum err open_section(struct parser *p, const struct tag *tag, struct error *e)
{
    if (p->depth == MAX_TEMPLATE_DEPTH)
        return error_set(e, ERR_LIMIT, "%s:%d: sections are nested deeper than %d", p->file, tag->line, MAX_TEMPLATE_DEPTH);
    p->open[p->depth++] = p->t->count;
    add_node(p, tag->sign == '#' ? NODE_SECTION : NODE_INVERTED, tag->name, tag->len, tag->line);
    return OK;
}

static enum err close_section(struct parser *p, const struct tag *tag, struct error *e)
{
    if (p->depth == 0)
        return error_set(e, ERR_SYNTAX, "%s:%d: {{/%.*s}} closes nothing", p->file, tag->line, (int)tag->len, tag->name);
    struct node *open = &p->t->node[p->open[--p->depth]];
    if (open->len != tag->len || memcmp(open->text, tag->name, tag->len) != 0)
        return error_set(e, ERR_SYNTAX, "%s:%d: {{/%.*s}} closes `%.*s` of line %d", p->file, tag->line, (int)tag->len, tag->name,
                         (int)open->len, open->text, open->line);
    open->end = p->t->count;
    return OK;
}

static enum err take_partial(struct parser *p, const struct tag *tag, struct error *e);

static enum err take_tag(struct parser *p, const struct tag *tag, struct error *e)
{
    switch (tag->sign) {
    case '#':
    case '^': return open_section(p, tag, e);
    case '/': return close_section(p, tag, e);
    case '!': return OK;
    case '>': return take_partial(p, tag, e);
    case '{': add_node(p, NODE_RAW, tag->name, tag->len, tag->line); return OK;
    default: add_node(p, NODE_ESCAPED, tag->name, tag->len, tag->line); return OK;
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
        add_node(p, NODE_TEXT, p->at, (size_t)(tag.from - p->at), 0);
        rc = take_tag(p, &tag, e);
        if (rc != OK)
            return rc;
        p->at = tag.after;
    }
    add_node(p, NODE_TEXT, p->at, (size_t)(p->end - p->at), 0);
    if (p->depth > 0) {
        const struct node *open = &p->t->node[p->open[p->depth - 1]];
        return error_set(e, ERR_SYNTAX, "%s:%d: {{%c%.*s}} is not closed", p->file, open->line, open->kind == NODE_SECTION ? '#' : '^',
                         (int)open->len, open->text);
    }
    return OK;
}

static enum err parse_text(struct template *t, struct loader *loader, const char *file, const char *text, size_t len, int nesting,
                           struct error *e)
{
    if (len > MAX_TEMPLATE_BYTES)
        return error_set(e, ERR_LIMIT, "%s is larger than %d bytes", file, MAX_TEMPLATE_BYTES);
    const char *source = arena_strndup(&t->memory, text, len);
    struct parser p = { .t = t,
                        .loader = loader,
                        .file = file,
                        .source = source,
                        .at = source,
                        .end = source + len,
                        .line_at = source,
                        .line = 1,
                        .nesting = nesting };
    return parse(&p, e);
}

static enum err parse_file(struct template *t, struct loader *loader, const char *file, int nesting, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    enum err rc = loader->load(loader->from, file, &text, e);
    return rc == OK ? parse_text(t, loader, file, text.buf, text.len, nesting, e) : rc;
}

static enum err take_partial(struct parser *p, const struct tag *tag, struct error *e)
{
    const char *name = arena_strndup(&p->t->memory, tag->name, tag->len);
    if (!p->loader->load)
        return error_set(e, ERR_SYNTAX, "%s:%d: {{> %.40s}}: there are no partials here", p->file, tag->line, name);
    if (p->nesting == MAX_TEMPLATE_DEPTH || ++p->loader->count > MAX_TEMPLATE_PARTIALS)
        return error_set(e, ERR_LIMIT, "%s:%d: {{> %.40s}}: too many partials; does one hold itself?", p->file, tag->line, name);
    enum err rc = parse_file(p->t, p->loader, name, p->nesting + 1, e);
    return rc == ERR_NOT_FOUND ? error_prefix(e, "%s:%d", p->file, tag->line) : rc;
}

static struct template *new_template(const char *name)
{
    struct template *t = xcalloc(1, sizeof(*t));
    t->name = arena_strdup(&t->memory, name);
    return t;
}

static enum err finish(enum err rc, struct template *t, struct template **ret_t)
{
    if (rc == OK)
        *ret_t = t;
    else
        template_free(t);
    return rc;
}

enum err template_compile(const char *name, const char *text, size_t len, struct template **ret_t, struct error *e)
{
    struct template *t = new_template(name);
    struct loader none = { 0 };
    return finish(parse_text(t, &none, t->name, text, len, 0, e), t, ret_t);
}

enum err template_compile_files(const char *name, template_load load, void *from, struct template **ret_t, struct error *e)
{
    struct template *t = new_template(name);
    struct loader loader = { .load = load, .from = from };
    return finish(parse_file(t, &loader, t->name, 0, e), t, ret_t);
}
