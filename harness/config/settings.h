/*
 * settings - config.yaml: one machine's endpoints and limits (interface.md section 3).
 *
 * Owner     settings_load fills a value whose strings live in the caller's arena; settings_release wipes the secrets.
 * Errors    file:line:column, the offending key, the nearest valid key, and what is known there, in the form that
 *           design.md section 4 shows ("error: file:line:col: unknown key `x` in `y`" + source line + caret + hint).
 *           ERR_INVALID or ERR_SYNTAX; ERR_NOT_FOUND when there is no file to read.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/http_msg.h"
#include "base/secret.h"
#include "base/yaml_tree.h"
#include "core/names.h"
#include "core/redact.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_version_choice { HTTP_VERSION_AUTO, HTTP_VERSION_11, HTTP_VERSION_2 };

/* How a request finds the provider that answers it. */
enum endpoint_route {
    ROUTE_DIRECT,  /* base_url is the server */
    ROUTE_ROUTER,  /* the Hugging Face router: the provider is named behind the model, as model:provider */
    ROUTE_PROVIDER /* https://router.huggingface.co/PROVIDER/…: the provider is named by the address */
};

struct endpoint_limits {
    int max_in_flight;               /* 0 = auto */
    double requests_per_minute;      /* 0 = no limit */
    double tokens_per_minute;        /* 0 = no limit */
    int64_t timeout_us;              /* one attempt, default 600 s */
    int64_t trial_timeout_us;        /* all attempts of a trial together, default 30 min, but never less than timeout_us */
    int attempts;                    /* default 6 */
    double budget_usd;               /* < 0 = none */
    uint64_t max_request_bytes;      /* body after encoding; 0 = no limit */
    int max_images;                  /* per request; 0 = no limit */
    const char *const *image_format; /* "png", "jpeg", "gif", "webp", "bmp"; count 0 = all */
    size_t image_format_count;
};

struct endpoint_price {
    bool known;           /* input and output are given */
    bool from_router;     /* `price: router` */
    double input, output; /* USD per million tokens */
};

/* Decoding parameters; each is sent only when set. */
struct endpoint_params {
    bool has_temperature, has_top_p, has_seed;
    double temperature, top_p;
    int64_t seed;
    int64_t max_tokens;         /* always sent; default 1024 */
    const char *max_tokens_key; /* "max_tokens" (default) or "max_completion_tokens" */
    const char *const *stop;
    size_t stop_count;
    const char *reasoning_effort;     /* NULL = not sent */
    bool logprobs;                    /* default false: not sent */
    int top_logprobs;                 /* 0 = not sent */
    const char *image_detail;         /* "auto", "low", "high"; NULL = not sent */
    const char *system_role;          /* "system" (default), "developer" or "user" */
    const char *response_format_json; /* sent as it is, as a JSON object; NULL = none */
    const char *extra_json;           /* members merged at top level, as a JSON object; NULL = none */
    bool stream;                      /* default false */
};

struct endpoint_config {
    const char *name;
    const char *protocol; /* "openai-chat" */
    const char *base_url;
    const char *model;
    const char *provider; /* NULL = none; also taken from the model's suffix or the address where those name it */
    enum endpoint_route route;
    bool allow_any_provider;     /* answers count whoever gave them */
    const char *revision;        /* declared; NULL = none */
    struct secret *api_key;      /* NULL = none, or not readable: settings_require_key tells */
    const char *api_key_source;  /* "env:HF_TOKEN" or "file:PATH" as written; NULL = none is wanted */
    const char *api_key_problem; /* the whole message of settings_require_key; NULL = no problem */
    const struct http_header *header;
    size_t header_count;
    struct endpoint_limits limits;
    struct endpoint_price price;
    struct endpoint_params params;
    enum structured_output structured_output; /* how judges ask it for JSON */
    const char *ca_file;                      /* NULL = the system's; relative to the folder of the file */
    bool tls_verify;                          /* default true */
    enum http_version_choice http_version;
    int line, column;             /* where it stands in the file, for later errors */
    const struct yaml_node *node; /* the same for yaml_error, e.g. on yaml_find(node, "protocol"); NULL = not from a file */
};

struct settings {
    const char *path;          /* the file that was read; NULL = built-in defaults */
    const char *store;         /* default "results/gauntlet.db"; relative to the working directory */
    int io_threads;            /* default 1 */
    int max_in_flight;         /* over all endpoints, default 256 */
    struct redact_list redact; /* `redact_categories`; default: child safety */
    bool redact_given;         /* the file names them */
    struct endpoint_config *endpoint;
    size_t endpoint_count;
};

/* The defaults, with no endpoint. */
void settings_init(struct settings *ret_s);
/* One endpoint with every default filled in. */
void endpoint_config_init(struct endpoint_config *ret_e);
/* Whether the endpoint takes images of that MIME type ("image/png"). */
bool endpoint_takes_image(const struct endpoint_limits *l, const char *mime);
/* Finds the file: `flag` (-c) when not NULL, $GAUNTLET_CONFIG, ./config.yaml, $XDG_CONFIG_HOME (or ~/.config)
   /gauntlet/config.yaml. NULL when there is none; the text lives in `a`. */
const char *settings_find(const char *flag, struct arena *a);
/* Reads and checks. Secrets named by env: are looked up now: an unset variable is an error only for endpoints that
   are used, so it is kept and reported by settings_require_key. */
enum err settings_load(const char *path, struct arena *a, struct settings *ret_s, struct error *e) MUST_CHECK;
/* Same for text that is already here; `path` is for messages and relative file names. */
enum err settings_parse(const char *path, const char *text, size_t len, struct arena *a, struct settings *ret_s,
                        struct error *e) MUST_CHECK;
/* By name; NULL when there is none. */
const struct endpoint_config *settings_endpoint(const struct settings *s, const char *name);
/* Sets *e: no endpoint has that name, the nearest, and which there are. */
enum err settings_unknown_endpoint(const struct settings *s, const char *name, struct error *e);
/* ERR_INVALID, naming file:line:column, when the endpoint's key could not be read. */
enum err settings_require_key(const struct settings *s, const struct endpoint_config *endpoint, struct error *e) MUST_CHECK;
/* The same for `tls.ca_file`: that it is there. */
enum err settings_require_ca(const struct endpoint_config *endpoint, struct error *e) MUST_CHECK;
/* Both, for an endpoint that is going to be asked. */
enum err settings_require_ready(const struct settings *s, const struct endpoint_config *endpoint, struct error *e) MUST_CHECK;
/* Appends the whole configuration as JSON with secrets and URL userinfo/query redacted: run.config_json. */
void settings_to_json(const struct settings *s, struct strbuf *out);
void settings_release(struct settings *s);

#endif
