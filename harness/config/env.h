/*
 * env - secrets by name: `env:NAME` is a variable of the environment, `file:PATH` the content of a file.
 *
 * A key written into the configuration itself is refused, and the message never shows it.
 *
 * Owner     the secret is yours (secret_free); the strings live in the arena.
 */
#ifndef CONFIG_ENV_H
#define CONFIG_ENV_H

#include "base/secret.h"
#include "base/yaml_tree.h"

struct env_key {
    struct secret *secret; /* NULL when it could not be read */
    const char *source;    /* as written: "env:HF_TOKEN" */
    const char *problem;   /* why it could not be read, with the place; NULL when it could */
};

/* Reads the node of an `api_key`. A variable that is not set or a file that cannot be read is not an error but a `problem`:
   only endpoints that are used need their key. ERR_INVALID when the node is neither env: nor file:. Line ends and spaces
   around the secret are dropped. A relative PATH starts at the folder of the YAML file, `~/` at $HOME. */
enum err env_read_key(const struct yaml_node *n, struct arena *a, struct env_key *ret_key, struct error *e) MUST_CHECK;
/* `path` as seen from the folder that `file` is in; absolute paths stay, `~/` becomes $HOME. Lives in `a`. */
const char *env_path_beside(const char *file, const char *path, struct arena *a);

#endif
