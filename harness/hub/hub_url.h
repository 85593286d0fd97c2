/*
 * hub_url - what a person may ask for, and the addresses of the Hub (datasets.md 3.5).
 *
 *     hf:ORG/NAME@REVISION     a data set of the Hub; also hf:NAME, hf://datasets/ORG/NAME@REVISION
 *     https://HOST/FILE        one file
 *
 * Owner     strings live in the caller's arena; URLs are appended to a strbuf.
 */
#ifndef HUB_URL_H
#define HUB_URL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"

#include <stdbool.h>

enum { HUB_COMMIT_HEX = 40 };

struct hub_spec {
    const char *repo;     /* "org/name"; NULL = a plain URL */
    const char *revision; /* branch, tag or commit; NULL = none was given */
    const char *url;
    const char *name; /* the last part: what the folder is called */
};

/* ERR_INVALID with what is wrong and how it should look. */
enum err hub_spec_parse(const char *text, struct arena *a, struct hub_spec *ret, struct error *e) MUST_CHECK;
/* "org/name" or "name" as the Hub allows it. */
bool hub_repo_is_valid(const char *repo);
/* A full commit: 40 lower-case hex digits. */
bool hub_is_commit(const char *text);
/* `count` lower-case hex digits and nothing else. */
bool hub_is_hex(const char *text, size_t count);

/* An endpoint has no slash at its end. ERR_INVALID unless https, or http to a loopback address. */
enum err hub_endpoint_check(const char *endpoint, struct error *e) MUST_CHECK;
void hub_url_info(const char *endpoint, const char *repo, const char *revision, struct strbuf *out);
/* What the Hub knows of a model at a revision; in full, with the providers that serve it. */
void hub_url_model(const char *endpoint, const char *repo, const char *revision, struct strbuf *out);
/* `query` follows the ?. */
void hub_url_tree(const char *endpoint, const char *repo, const char *commit, const char *query, struct strbuf *out);
void hub_url_file(const char *endpoint, const char *repo, const char *commit, const char *path, struct strbuf *out);
/* The page where a person accepts the terms of a gated data set. */
void hub_url_page(const char *endpoint, const char *repo, struct strbuf *out);

#define HUB_TREE_QUERY "recursive=true&expand=false"
/* Appends the query of the link with rel="next" in a Link header. Only the query: the next page is asked of our own
   endpoint, whatever host the header names. False when there is none. */
bool hub_link_next(const char *link, struct strbuf *out);

#endif
