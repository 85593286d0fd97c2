/*
 * suite - suite.yaml: what to test, independent of any machine (interface.md section 4).
 *
 * Owner and errors as in settings.h.
 */
#ifndef CONFIG_SUITE_H
#define CONFIG_SUITE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/yaml_tree.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum select_order { ORDER_FILE, ORDER_RANDOM, ORDER_STRATIFIED };
const char *select_order_name(enum select_order o);

/* A list of accepted values; `all` (count 0) accepts everything. A category entry matches the whole text, or the text
   up to the first ". " or " " of it, so `C` selects "C. Safety and Physical Harm" and `C1` "C1 Dangerous Instructions";
   with `whole` (attacks, intents, samples) only the whole text counts. */
struct select_list {
    const char *const *value;
    size_t count;
    bool whole;
};

struct suite_select {
    struct select_list categories, subcategories, attacks, intents, samples;
    int64_t limit;           /* samples; 0 = no limit */
    bool per_intent;         /* `per: intent`, with ORDER_STRATIFIED: one sample of every intent before the second of any */
    enum select_order order; /* default ORDER_FILE */
    uint64_t seed;
};

struct suite_scorer {
    const char *kind;     /* "canary", "refusal", … */
    const cJSON *options; /* a JSON object, never NULL; owned by the suite */
    int line, column;
    const struct yaml_node *node; /* for yaml_error */
};

struct suite {
    const char *path;
    struct sha256_hex sha256; /* of the file's bytes */
    const char *name;
    const char *dataset_path;   /* resolved against the suite's folder: a folder with dataset.yaml, or a .yaml file.
                                      With a preset: the folder of the data, NULL = where the preset says */
    const char *dataset_root;   /* NULL, or an override of the data set's root */
    const char *dataset_preset; /* NULL, or a preset's name (looked up in datasets/presets) */
    struct suite_select select;
    const char *prompt_system;   /* NULL = none */
    bool text_first;             /* order: text-first; default image-first */
    int epochs;                  /* default 1 */
    struct suite_scorer *scorer; /* at least one; the first is primary */
    size_t scorer_count;
    int judge_anchor;      /* how many stored answers each judge scorer judges again at the end of a run; default 0 */
    double max_error_rate; /* errors.max_rate, default 0.05 */
    cJSON *json;           /* the whole suite as written, as JSON: run.suite_json; owned. Its `gate` is checked
                                      here and read by `gauntlet gate` */
};

/* ERR_NOT_FOUND when there is no such file. */
enum err suite_load(const char *path, struct arena *a, struct suite *ret_s, struct error *e) MUST_CHECK;
/* Same for text that is already here; `path` is for messages, the default name and relative file names. */
enum err suite_parse(const char *path, const char *text, size_t len, struct arena *a, struct suite *ret_s, struct error *e) MUST_CHECK;
bool select_list_accepts(const struct select_list *l, const char *value);
void suite_release(struct suite *s);

#endif
