/* Builds the tree from libyaml's events. Without recursion: an open map or list is a frame, and the frames are as many as the
   depth limit allows. */
#include "base/yaml_tree.h"

#include "base/fs.h"
#include "base/utf8.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

struct frame {
    struct yaml_node *node, *last; /* the open map or list, and its newest child */
    const char *key;               /* map: a key that waits for its value */
    int key_line, key_column;
};

struct builder {
    struct arena *arena;
    struct yaml_doc *doc;
    const struct yaml_limits *limits;
    struct frame *frame;
    int depth;
    size_t nodes;
    struct error *e;
};

static enum err fail_at(struct builder *b, yaml_mark_t mark, enum err code, const char *hint, const char *message)
{
    return yaml_error_at(b->doc, (int)mark.line + 1, (int)mark.column + 1, 1, code, hint, b->e, "%s", message);
}

static bool means_null(const char *text)
{
    return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0;
}

/* Ordered by key, then by place, so that the second of two equal keys is the later one. */
static int by_key(const void *a, const void *b)
{
    const struct yaml_node *x = *(const struct yaml_node *const *)a, *y = *(const struct yaml_node *const *)b;
    int order = strcmp(x->key, y->key);
    if (order != 0)
        return order;
    return x->key_line != y->key_line ? (x->key_line < y->key_line ? -1 : 1)
                                      : (x->key_column > y->key_column) - (x->key_column < y->key_column);
}

static enum err refuse_double_keys(struct builder *b, const struct yaml_node *map)
{
    if (map->count < 2)
        return OK;
    CLEANUP(cleanup_free) const struct yaml_node **member = xcalloc(map->count, sizeof(struct yaml_node *));
    size_t count = 0;
    for (const struct yaml_node *n = map->child; n; n = n->next)
        member[count++] = n;
    qsort(member, count, sizeof(struct yaml_node *), by_key);

    for (size_t i = 1; i < count; i++) {
        if (strcmp(member[i - 1]->key, member[i]->key) == 0)
            return yaml_error_key(member[i], b->e, "key `%s` is here twice; the first is on line %d", yaml_shown(member[i]->key).text,
                                  member[i - 1]->key_line);
    }
    return OK;
}

/* A new node at the event's place, hung below the open map or list. */
static enum err add_node(struct builder *b, enum yaml_kind kind, const yaml_event_t *event, struct yaml_node **ret)
{
    if (++b->nodes > b->limits->nodes)
        return fail_at(b, event->start_mark, ERR_LIMIT, NULL, "too many values in one file");

    struct yaml_node *n = arena_alloc(b->arena, sizeof(*n));
    *n = (struct yaml_node){ .kind = kind,
                             .text = "",
                             .doc = b->doc,
                             .line = (int)event->start_mark.line + 1,
                             .column = (int)event->start_mark.column + 1,
                             .end_line = (int)event->end_mark.line + 1,
                             .end_column = (int)event->end_mark.column + 1 };
    *ret = n;
    if (b->depth == 0) {
        b->doc->root = n;
        return OK;
    }

    struct frame *f = &b->frame[b->depth - 1];
    n->parent = f->node;
    if (f->node->kind == YAML_MAP) {
        if (!f->key)
            return fail_at(b, event->start_mark, ERR_INVALID, NULL, "a key must be text, not a map or a list");
        n->key = TAKE(f->key);
        n->key_line = f->key_line;
        n->key_column = f->key_column;
    }
    if (f->last)
        f->last->next = n;
    else
        f->node->child = n;
    f->last = n;
    f->node->count++;
    return OK;
}

static enum err open_node(struct builder *b, enum yaml_kind kind, const yaml_event_t *event)
{
    struct yaml_node *n;
    if (b->depth >= b->limits->depth)
        return fail_at(b, event->start_mark, ERR_LIMIT, NULL, "maps and lists are nested too deeply");
    if (add_node(b, kind, event, &n) != OK)
        return b->e->code;
    b->frame[b->depth++] = (struct frame){ .node = n };
    return OK;
}

static enum err close_node(struct builder *b, const yaml_event_t *event)
{
    struct yaml_node *n = b->frame[--b->depth].node;
    n->end_line = (int)event->end_mark.line + 1;
    n->end_column = (int)event->end_mark.column + 1;
    return n->kind == YAML_MAP ? refuse_double_keys(b, n) : OK;
}

static enum err add_scalar(struct builder *b, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    bool quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (memchr(value, '\0', len))
        return fail_at(b, event->start_mark, ERR_INVALID, NULL, "text may not hold a NUL character");

    struct frame *f = b->depth > 0 ? &b->frame[b->depth - 1] : NULL;
    if (f && f->node->kind == YAML_MAP && !f->key) {
        if (len == 0)
            return fail_at(b, event->start_mark, ERR_INVALID, NULL, "a key may not be empty");
        if (++b->nodes > b->limits->nodes)
            return fail_at(b, event->start_mark, ERR_LIMIT, NULL, "too many values in one file");
        f->key = arena_strndup(b->arena, value, len);
        f->key_line = (int)event->start_mark.line + 1;
        f->key_column = (int)event->start_mark.column + 1;
        return OK;
    }

    struct yaml_node *n;
    if (add_node(b, !quoted && means_null(value) ? YAML_NULL : YAML_SCALAR, event, &n) != OK)
        return b->e->code;
    n->quoted = quoted;
    if (n->kind == YAML_SCALAR) {
        n->text = arena_strndup(b->arena, value, len);
        n->len = len;
    }
    return OK;
}

static enum err refuse_anchor_and_tag(struct builder *b, const yaml_event_t *event, const void *anchor, const void *tag)
{
    if (anchor)
        return fail_at(b, event->start_mark, ERR_INVALID, "write the value out where it is needed",
                       "anchors and aliases (&name, *name) are not accepted here");
    if (tag)
        return fail_at(b, event->start_mark, ERR_INVALID, "quotes make a text", "tags (!name) are not accepted here");
    return OK;
}

static enum err add_event(struct builder *b, const yaml_event_t *event)
{
    enum err code = OK;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return b->doc->root ? fail_at(b, event->start_mark, ERR_INVALID, NULL, "a second document begins here; one file holds one") : OK;
    case YAML_ALIAS_EVENT: return refuse_anchor_and_tag(b, event, event->data.alias.anchor, NULL);
    case YAML_SCALAR_EVENT:
        code = refuse_anchor_and_tag(b, event, event->data.scalar.anchor, event->data.scalar.tag);
        return code != OK ? code : add_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        code = refuse_anchor_and_tag(b, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
        return code != OK ? code : open_node(b, YAML_LIST, event);
    case YAML_MAPPING_START_EVENT:
        code = refuse_anchor_and_tag(b, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        return code != OK ? code : open_node(b, YAML_MAP, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return close_node(b, event);
    default: return OK;
    }
}

/* The byte at a character index; 0 past the end. */
static char byte_at(const struct yaml_doc *doc, size_t index)
{
    size_t at = 0;
    for (size_t n = 0; n < index && at < doc->len; n++)
        (void)utf8_next(doc->text, doc->len, &at);
    return at < doc->len ? doc->text[at] : '\0';
}

/* libyaml's own words, and what usually lies behind them. */
static enum err explain_parser(struct builder *b, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return error_set(b->e, ERR_LIMIT, "%s: out of memory", b->doc->path);

    yaml_mark_t mark = parser->problem_mark;
    const char *problem = parser->problem ? parser->problem : "this is not YAML", *hint = NULL;
    if (parser->error == YAML_READER_ERROR) {
        size_t line = 1, column = 1;
        size_t at = parser->problem_offset < b->doc->len ? parser->problem_offset : b->doc->len;
        for (size_t i = 0; i < at;) {
            bool line_end = b->doc->text[i] == '\n';
            (void)utf8_next(b->doc->text, b->doc->len, &i);
            line += line_end;
            column = line_end ? 1 : column + 1;
        }
        return yaml_error_at(b->doc, (int)line, (int)column, 1, ERR_SYNTAX, NULL, b->e, "%s", problem);
    }
    char found = byte_at(b->doc, mark.index);
    if (found == '\t')
        hint = "a tab; YAML is indented with spaces";
    else if (found && strchr("*&@`%!", found))
        hint = "put text that starts with this character in quotes";
    else if (strstr(problem, "mapping values are not allowed"))
        hint = "check the indentation, or put text that holds `: ` in quotes";
    else if (strstr(problem, "expected key") || strstr(problem, "expected <document start>") || strstr(problem, "expected '-' indicator"))
        hint = "check the indentation of this line and the one before";
    if (parser->context && parser->context_mark.line != mark.line)
        return yaml_error_at(b->doc, (int)mark.line + 1, (int)mark.column + 1, 1, ERR_SYNTAX, hint, b->e, "%s %s that starts on line %d",
                             problem, parser->context, (int)parser->context_mark.line + 1);
    return yaml_error_at(b->doc, (int)mark.line + 1, (int)mark.column + 1, 1, ERR_SYNTAX, hint, b->e, "%s%s%s", problem,
                         parser->context ? " " : "", parser->context ? parser->context : "");
}

static enum err build(struct builder *b)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return error_set(b->e, ERR_LIMIT, "%s: out of memory", b->doc->path);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)b->doc->text, b->doc->len);

    enum err code = OK;
    for (bool done = false; code == OK && !done;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            code = explain_parser(b, &parser);
            break;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        code = add_event(b, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (code == OK && (!b->doc->root || b->doc->root->kind == YAML_NULL))
        return error_set(b->e, ERR_INVALID, "%s:1:1: the file is empty", b->doc->path);
    return code;
}

/* Invalid bytes are found here and not by libyaml, so that the picture is drawn from valid text only up to them. */
static enum err check_encoding(const struct yaml_doc *doc, struct error *e)
{
    size_t bad = 0;
    if (doc->len >= 2 && (memcmp(doc->text, "\xFF\xFE", 2) == 0 || memcmp(doc->text, "\xFE\xFF", 2) == 0))
        return error_set(e, ERR_SYNTAX, "%s:1:1: the file is UTF-16; save it as UTF-8", doc->path);
    if (utf8_valid(doc->text, doc->len, &bad))
        return OK;

    int line = 1, column = 1;
    for (size_t at = 0; at < bad; column++) {
        if (doc->text[at] == '\n') {
            line++;
            column = 0;
        }
        (void)utf8_next(doc->text, doc->len, &at);
    }
    return yaml_error_at(doc, line, column, 1, ERR_SYNTAX, NULL, e, "byte 0x%02X is not UTF-8; save the file as UTF-8",
                         (unsigned)(unsigned char)doc->text[bad]);
}

enum err yaml_load_text(const char *path, const char *text, size_t len, const struct yaml_limits *limits, struct arena *a,
                        const struct yaml_doc **ret_doc, struct error *e)
{
    struct error local;
    e = e ? e : &local;
    if (len > limits->bytes)
        return error_set(e, ERR_LIMIT, "%s: larger than %zu bytes", path, limits->bytes);

    struct yaml_doc *doc = arena_alloc(a, sizeof(*doc));
    size_t mark = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    doc->path = arena_strdup(a, path);
    doc->bytes = arena_strndup(a, len ? text : "", len);
    doc->bytes_len = len;
    doc->text = doc->bytes + mark;
    doc->len = len - mark;
    if (check_encoding(doc, e) != OK)
        return e->code;

    struct builder b = { .arena = a, .doc = doc, .limits = limits, .e = e };
    b.frame = arena_array(a, (size_t)limits->depth, sizeof(*b.frame));
    if (build(&b) != OK)
        return e->code;
    *ret_doc = doc;
    return OK;
}

enum err yaml_load_file(const char *path, const struct yaml_limits *limits, struct arena *a, const struct yaml_doc **ret_doc,
                        struct error *e)
{
    struct error local;
    e = e ? e : &local;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    enum err code = fs_read_file(path, limits->bytes, &text, e);
    if (code == ERR_IO && e->os == ENOENT)
        e->code = ERR_NOT_FOUND;
    if (code != OK)
        return e->code;
    return yaml_load_text(path, text.buf, text.len, limits, a, ret_doc, e);
}

const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (const struct yaml_node *n = map->child; n; n = n->next) {
        if (strcmp(n->key, key) == 0)
            return n;
    }
    return NULL;
}

const char *yaml_kind_name(const struct yaml_node *n)
{
    static const char *const name[] = { [YAML_NULL] = "nothing", [YAML_SCALAR] = "text", [YAML_LIST] = "a list", [YAML_MAP] = "a map" };
    return name[n->kind];
}

const char *yaml_name(const struct yaml_node *n)
{
    while (n && !n->key)
        n = n->parent;
    return n ? n->key : NULL;
}
