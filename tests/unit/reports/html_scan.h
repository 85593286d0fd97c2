/*
 * html_scan - reads a page as strictly as this program writes it, and says its shape: tags and attribute names, no text.
 *
 * Two pages with equal shapes parse to the same tree, whatever their texts are: that is how a test sees that hostile text
 * stayed text. Attributes are name="value" or a bare name; every element is closed in order; style and script are raw.
 */
#ifndef UNIT_HTML_SCAN_H
#define UNIT_HTML_SCAN_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { HTML_MAX_DEPTH = 64 };

struct html_scan {
    const char *at, *end;
    struct strbuf *shape;
    char open[HTML_MAX_DEPTH][24];
    size_t depth;
    void (*attribute)(const char *tag, const char *name, const char *value, size_t len, void *context); /* may be NULL */
    void *context;
    char problem[160];
};

static inline bool html_fail(struct html_scan *h, const char *what)
{
    (void)snprintf(h->problem, sizeof(h->problem), "%s near: %.60s", what, h->at < h->end ? h->at : "the end");
    return false;
}

static inline bool html_word(struct html_scan *h, char *out, size_t size)
{
    size_t len = 0;
    while (h->at < h->end && ((*h->at >= 'a' && *h->at <= 'z') || (*h->at >= 'A' && *h->at <= 'Z') || (*h->at >= '0' && *h->at <= '9') ||
                              *h->at == '-' || *h->at == ':')) {
        if (len + 1 == size)
            return html_fail(h, "a name is too long");
        out[len++] = *h->at++;
    }
    out[len] = '\0';
    return len > 0 || html_fail(h, "a name is missing");
}

static inline bool html_attributes(struct html_scan *h, const char *tag)
{
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\n')) {
        char name[32];
        h->at++;
        if (!html_word(h, name, sizeof(name)))
            return false;
        (void)strbuf_addf(h->shape, " %s", name);
        const char *value = "";
        size_t len = 0;
        if (h->at < h->end && *h->at == '=') {
            if (++h->at == h->end || *h->at != '"')
                return html_fail(h, "an attribute is not quoted");
            value = ++h->at;
            const char *quote = memchr(value, '"', (size_t)(h->end - value));
            if (!quote)
                return html_fail(h, "an attribute is not closed");
            len = (size_t)(quote - value);
            h->at = quote + 1;
        }
        if (h->attribute)
            h->attribute(tag, name, value, len, h->context);
    }
    return true;
}

static inline bool html_is_void(const char *tag)
{
    return strcmp(tag, "meta") == 0 || strcmp(tag, "link") == 0 || strcmp(tag, "br") == 0 || strcmp(tag, "input") == 0 ||
           strcmp(tag, "col") == 0 || strcmp(tag, "img") == 0;
}

static inline bool html_open(struct html_scan *h)
{
    char tag[24];
    if (!html_word(h, tag, sizeof(tag)))
        return false;
    (void)strbuf_addf(h->shape, "<%s", tag);
    if (!html_attributes(h, tag))
        return false;
    bool closed = h->at < h->end && *h->at == '/';
    h->at += closed;
    if (h->at == h->end || *h->at != '>')
        return html_fail(h, "a tag is not closed");
    h->at++;
    (void)strbuf_addstr(h->shape, ">\n");
    if (closed || html_is_void(tag))
        return true;
    if (h->depth == HTML_MAX_DEPTH)
        return html_fail(h, "elements are nested too deep");
    (void)snprintf(h->open[h->depth++], sizeof(h->open[0]), "%s", tag);
    if (strcmp(tag, "style") == 0 || strcmp(tag, "script") == 0) { /* raw: up to the end tag */
        char ending[32];
        (void)snprintf(ending, sizeof(ending), "</%s", tag);
        h->at = memmem(h->at, (size_t)(h->end - h->at), ending, strlen(ending));
        if (!h->at)
            return html_fail(h, "a raw element is not closed");
    }
    return true;
}

static inline bool html_close(struct html_scan *h)
{
    char tag[24];
    if (!html_word(h, tag, sizeof(tag)))
        return false;
    if (h->depth == 0 || strcmp(h->open[h->depth - 1], tag) != 0)
        return html_fail(h, "an end tag closes another element");
    h->depth--;
    if (h->at == h->end || *h->at != '>')
        return html_fail(h, "an end tag is not closed");
    h->at++;
    (void)strbuf_addf(h->shape, "</%s>\n", tag);
    return true;
}

/* Appends the shape. On failure `problem` says why. */
static inline bool html_scan(struct html_scan *h, const char *text, size_t len, struct strbuf *shape)
{
    h->at = text;
    h->end = text + len;
    h->shape = shape;
    h->depth = 0;
    if (len < 15 || memcmp(text, "<!doctype html>", 15) != 0)
        return html_fail(h, "no doctype");
    h->at += 15;
    while ((h->at = memchr(h->at, '<', (size_t)(h->end - h->at))) != NULL) {
        h->at++;
        bool ok = true;
        if (h->at < h->end && *h->at == '/') {
            h->at++;
            ok = html_close(h);
        } else {
            ok = html_open(h); /* comments are not written, so `<!` is a failure here */
        }
        if (!ok)
            return false;
    }
    h->at = h->end;
    return h->depth == 0 || html_fail(h, "an element is left open");
}

#endif
