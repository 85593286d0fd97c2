/*
 * check - a suite looked at as a run would see it, and nothing sent: scorers, every row and image, sizes against the limits of
 * endpoints, and what the selection amounts to.
 *
 * Findings are told as they are met. Codes D and S are those of datasets.md; S0 is a scorer of the suite. S1 and S9 also come
 * from here: what a scorer needs of a sample, and what an endpoint takes.
 *
 * Owner     a finding lives until the report returns; the result's texts live in the caller's arena.
 * Errors    what made the data set unreadable is in `fatal_code` and is the error. Others: no room for a scratch store.
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "base/arena.h"
#include "config/settings.h"
#include "config/suite.h"
#include "dataset/preflight.h"
#include "engine/estimate.h"
#include "store/intake.h"

struct check_finding {
    const char *code;
    enum finding_outcome outcome;
    const char *file;             /* "" = none */
    int64_t line;                 /* 0 = none */
    const char *sample, *subject; /* ids, ""; subject: an endpoint or a scorer */
    const char *message;          /* one line, safe for a terminal */
};

struct check_options {
    const struct settings *settings;               /* whose endpoints may judge */
    const struct endpoint_config *const *endpoint; /* what sizes are held against */
    size_t endpoint_count;
    const struct dataset_map *map; /* --map */
    size_t map_count;
    bool accept_changed, strict_taxonomy;
    struct store *history; /* asked how long earlier answers took; NULL = none */
    void (*report)(const struct check_finding *f, void *context);
    void *context;
};

/* What one endpoint would get. Of a protocol that this build does not have, nothing is known: largest_bytes 0. */
struct check_endpoint {
    const struct endpoint_config *config;
    int64_t largest_bytes; /* of one request of the selection */
    char largest_id[257];
    int64_t skipped; /* samples that would be skipped there */
    int64_t fitting; /* the others, and the tokens of their prompts */
    struct token_range prompt;
    struct estimate estimate; /* known when the check is complete */
};

struct check_result {
    const char *fatal_code;                     /* NULL, or what ended the check: "D1", "D2", "D6" */
    bool opened;                                /* the next six are known */
    const char *name, *version, *declared_hash; /* declared_hash "" = none */
    const char *license, *citation, *source;
    bool complete;                /* everything was read: what follows is known */
    struct preflight_summary set; /* of the whole set */
    int64_t unscorable;           /* samples of the selection that a scorer cannot score; rejected, too */
    struct intake_counts selection;
    char sample_set_sha256[65]; /* "" when a sample was rejected: the set is not settled */
    struct check_endpoint *endpoint;
    struct estimate *judge; /* known when the check is complete */
    size_t judge_count;
};

enum err engine_check(const struct suite *suite, const struct check_options *options, struct arena *a, struct check_result *ret,
                      struct error *e) MUST_CHECK;

#endif
